import { ApiProblem, requestReply } from "../../api/client.ts";
import { waitForTurn, tellPlaceFree } from "./live-places.ts";
import type { StreamEvents } from "./log-api.ts";
import { readEvents, type ServerEvent } from "./read-events.ts";

/**
 * `open`: what is new comes. `waiting`: too many pages of this person follow already; `broken`: nothing
 * gets through; both are tried again by themselves. `over`: refused for good.
 */
export type Following = "open" | "waiting" | "broken" | "over";

type Options = {
  /** Nobody asked for it: a session that has ended ends it, and nobody is asked to sign in. */
  isQuiet?: boolean;
  /** Ends it: nobody looks any more. */
  signal: AbortSignal;
  onEvent: (event: ServerEvent) => void;
  onState: (state: Following) => void;
};

/** Follows the log for as long as somebody looks, through refusals and broken connections. */
export async function followLog(
  path: string,
  { isQuiet = false, signal, onEvent, onState }: Options,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const ended = await followOnce(path, { signal, isQuiet }, (event) => {
      failures = 0;
      if (event === "open") onState("open");
      else onEvent(event);
    });
    if (signal.aborted) return;
    onState(ended.state);
    if (ended.state === "over") return;
    await waitForTurn({ failures, atLeastMs: ended.waitMs, signal });
    failures += 1;
  }
}

type Ended = { state: Following; waitMs: number };

/** When nothing else is said, ms. */
const TRY_AGAIN_MS = 1_000;

async function followOnce(
  path: string,
  { signal, isQuiet }: { signal: AbortSignal; isQuiet: boolean },
  tell: (event: ServerEvent | "open") => void,
): Promise<Ended> {
  let hasPlace = false;
  try {
    const { body } = await requestReply("GET", path, {
      signal,
      ...(isQuiet && { isAlone: true, isOwn: true }),
    });
    hasPlace = true;
    tell("open");
    if (body === null) throw new TypeError("a stream has a body");
    for await (const event of readEvents(body)) {
      tell(event);
      // Not the caller's any more: asking again says so, and asks for a sign-in.
      if (event.name === "end" && codeOf(event) !== "internal") break;
    }
    return { state: "broken", waitMs: TRY_AGAIN_MS };
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { state: "broken", waitMs: TRY_AGAIN_MS };
    return afterRefusal(error);
  } finally {
    if (hasPlace) tellPlaceFree();
  }
}

function afterRefusal({ code, retryAfterSeconds }: ApiProblem): Ended {
  const waitMs = (retryAfterSeconds ?? 1) * 1_000;
  if (code === "too-many-requests") return { state: "waiting", waitMs };
  if (code === "record-unavailable" || code === "internal") return { state: "broken", waitMs };
  return { state: "over", waitMs };
}

const codeOf = ({ data }: ServerEvent): string => (data as StreamEvents["end"]).code;
