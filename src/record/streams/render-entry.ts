import type { LogEntry } from "../../contract/record/entries.ts";
import type { StreamFormat } from "../../contract/record/streams.ts";
import { toOcsf } from "../search/to-ocsf.ts";
import type { Place } from "./place.ts";
import { toCef } from "./to-cef.ts";

/** An entry as its receiver gets it. */
export type RenderedEntry = {
  place: Place;
  id: string;
  atMs: number;
  action: string;
  outcome: string;
  class: string;
  /** One line. */
  text: string;
};

/** @param organisationId whose stream it is; null: the operator's. */
export function renderEntry(
  format: StreamFormat,
  {
    entry,
    place,
    organisationId,
  }: { entry: LogEntry; place: Place; organisationId: string | null },
): RenderedEntry {
  const { id, at, action, outcome } = entry;
  return {
    place,
    id,
    atMs: Date.parse(at),
    action,
    outcome,
    class: entry.class,
    text: texts[format](entry, place, organisationId),
  };
}

const texts: Record<
  StreamFormat,
  (entry: LogEntry, place: Place, organisationId: string | null) => string
> = {
  entry: (entry, place) => JSON.stringify({ ...entry, log: place }),
  ocsf: (entry, { leaf }, organisationId) => {
    const { metadata, ...event } = toOcsf(entry);
    const placed = {
      ...(metadata as object),
      sequence: leaf,
      ...(organisationId !== null && { tenant_uid: organisationId }),
    };
    return JSON.stringify({ ...event, metadata: placed });
  },
  cef: toCef,
};
