/** Until the first further try, ms; twice as long after each. */
const FIRST_PAUSE_MS = 1_000;
/** A receiver that is back is found within this, ms. */
const LONGEST_PAUSE_MS = 300_000;
/** What a receiver may ask for with Retry-After, ms. */
const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long a stream rests after some failures in a row. Spread by a quarter each way, or all streams to a receiver
 * that was away would come back in one moment.
 *
 * @param random 0 to 1.
 */
export function pauseMs(
  failures: number,
  { random, askedMs = 0 }: { random: number; askedMs?: number | undefined },
): number {
  const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20));
  return Math.max(own * (0.75 + random / 2), Math.min(askedMs, LONGEST_ASKED_MS));
}
