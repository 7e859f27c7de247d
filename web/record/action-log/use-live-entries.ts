import { useEffect, useState } from "react";
import { usePageVisible } from "../../ui/use-page-visible.ts";
import { followLog, type Following } from "./follow-log.ts";
import { streamPath, type ApiQuery, type LogEntry, type StreamEvents } from "./log-api.ts";

/** Further down than this the reader reads: what is new waits, px. */
const READING_BELOW_PX = 240;
/** New entries kept; beyond it the page is read anew. */
const MAX_KEPT = 500;

type Arrived = { shown: LogEntry[]; waiting: LogEntry[]; hasMore: boolean };
const NOTHING: Arrived = { shown: [], waiting: [], hasMore: false };

/**
 * New entries as they are put on record, while the page is looked at. Who reads further down is not
 * disturbed: what comes then waits until it is asked for.
 */
export function useLiveEntries({
  query,
  since,
  isOn,
}: {
  query: ApiQuery;
  since: string;
  isOn: boolean;
}) {
  const [arrived, setArrived] = useState(NOTHING);
  const [state, setState] = useState<Following>("open");
  // Another try, asked for by the reader.
  const [tries, setTries] = useState(0);
  const isVisible = usePageVisible();
  const key = JSON.stringify(query);
  const isOpen = isOn && isVisible;
  useEffect(() => {
    if (!isOpen) return undefined;
    const left = new AbortController();
    const path = streamPath({ ...(JSON.parse(key) as ApiQuery), since });
    void followLog(path, {
      signal: left.signal,
      onState: setState,
      onEvent: ({ name, data }) => {
        if (name === "more") setArrived((before) => ({ ...before, hasMore: true }));
        if (name !== "entries") return;
        const { entries } = data as StreamEvents["entries"];
        setArrived((before) => add(before, entries, globalThis.scrollY > READING_BELOW_PX));
      },
    });
    return () => left.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another try begins anew
  }, [isOpen, key, since, tries]);
  return {
    ...arrived,
    state,
    again: () => setTries((before) => before + 1),
    showWaiting: () =>
      setArrived(({ shown, waiting, hasMore }) => ({
        shown: [...waiting, ...shown],
        waiting: [],
        hasMore,
      })),
  };
}

function add(
  { shown, waiting, hasMore }: Arrived,
  entries: LogEntry[],
  isReading: boolean,
): Arrived {
  const known = new Set([...shown, ...waiting].map(({ id }) => id));
  const fresh = entries.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return { shown, waiting, hasMore };
  const isFull = shown.length + waiting.length + fresh.length > MAX_KEPT;
  if (isFull) return { shown, waiting, hasMore: true };
  if (isReading) return { shown, waiting: [...fresh, ...waiting], hasMore };
  return { shown: [...fresh, ...waiting, ...shown], waiting: [], hasMore };
}
