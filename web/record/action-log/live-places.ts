/** Longest wait between two tries, ms: each that is refused is on record. */
const AT_MOST_MS = 5 * 60_000;
/** The server sees a connection's end a moment after the browser has left it, ms. */
const SEEN_BY_THEN_MS = 500;

/** The pages that follow the log in this browser tell each other, and themselves, when one leaves its place. */
const heard = new BroadcastChannel("live-places");
const told = new BroadcastChannel("live-places");

export function tellPlaceFree(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin: its own
  told.postMessage("free");
}

// A tab that is closed leaves as well.
globalThis.addEventListener("pagehide", tellPlaceFree);

/**
 * Waits before another try: what the server asked for, twice as long after each failure; but only a moment
 * once another page has left its place, or the network is back.
 */
export async function waitForTurn({
  failures,
  atLeastMs,
  signal,
}: {
  failures: number;
  atLeastMs: number;
  signal: AbortSignal;
}): Promise<void> {
  const done = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const wakeIn = (ms: number) => {
    // Not all that wait at the very same moment.
    const timer = setTimeout(() => resolve(), ms * (1 + Math.random() / 4));
    ended.addEventListener("abort", () => clearTimeout(timer), { once: true });
  };
  wakeIn(Math.min(Math.max(atLeastMs, AT_MOST_MS), atLeastMs * 2 ** failures));
  const soon = () => wakeIn(SEEN_BY_THEN_MS);
  heard.addEventListener("message", soon, { signal: ended });
  globalThis.addEventListener("online", soon, { signal: ended });
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  done.abort();
}
