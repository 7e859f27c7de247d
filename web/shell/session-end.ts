export type SessionEnd = { endsAt: string; idleMinutes: number | null };

/** How long before its end a session's holder is told, ms. */
const TOLD_AHEAD_MS = 2 * 60_000;

export type Ending = { atMs: number; why: "rest" | "end" };

/** When the session ends if nothing is done: by its absolute end, or by having rested since `usedAtMs`. */
export function endingOf({ endsAt, idleMinutes }: SessionEnd, usedAtMs: number): Ending {
  const endMs = Date.parse(endsAt);
  const restMs = idleMinutes === null ? Number.POSITIVE_INFINITY : usedAtMs + idleMinutes * 60_000;
  return restMs < endMs ? { atMs: restMs, why: "rest" } : { atMs: endMs, why: "end" };
}

/** What is to be told now; null: nothing. */
export function noticeAt(end: SessionEnd, usedAtMs: number, nowMs: number): Ending | null {
  const ending = endingOf(end, usedAtMs);
  const leftMs = ending.atMs - nowMs;
  return leftMs > 0 && leftMs <= TOLD_AHEAD_MS ? ending : null;
}

/** Whether a call was answered after the session that is known here had ended: somebody has signed in again since. */
export const isAnother = (end: SessionEnd, usedAtMs: number): boolean =>
  usedAtMs > Date.parse(end.endsAt);
