/*
 * Stretches of time, each filed under as a term, so that a search begins with the newest and widens. Without
 * them, whatever many entries fit would be read whole to show the newest fifty.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A minute, an hour, a day, thirty days; counted from 1970. */
export const bucketSizesMs = [MINUTE_MS, HOUR_MS, DAY_MS, 30 * DAY_MS] as const;

/** Buckets of one size, both ends included. */
export type TimeWindow = { level: number; from: number; to: number };

const LONGEST = bucketSizesMs.length - 1;

const sizeAt = (level: number): number => {
  const size = bucketSizesMs[level];
  if (size === undefined) throw new Error("there are four sizes");
  return size;
};

const bucketOf = (level: number, atMs: number): number => Math.floor(atMs / sizeAt(level));

/** The first bucket of this size in the bucket of the next size in which `atMs` is. */
const firstIn = (level: number, atMs: number): number =>
  bucketOf(level, bucketOf(level + 1, atMs) * sizeAt(level + 1));

/** Milliseconds from its beginning to its end. */
export const spanOf = ({ level, from, to }: TimeWindow): number => (to - from + 1) * sizeAt(level);

export const windowStartMs = ({ level, from }: TimeWindow): number => from * sizeAt(level);

/**
 * Windows from `newestMs` back to `oldestMs` (or a little further): minutes to the beginning of the hour, hours
 * to that of the day, days to that of the thirty days, then always twice as much.
 */
export function* timeWindows(newestMs: number, oldestMs: number): Generator<TimeWindow> {
  let to = bucketOf(0, newestMs);
  for (let level = 0; level < LONGEST; level++) {
    const from = firstIn(level, newestMs);
    if (from <= to) yield { level, from, to };
    if (from * sizeAt(level) <= oldestMs) return;
    to = bucketOf(level + 1, newestMs) - 1;
  }
  for (let width = 1; (to + 1) * sizeAt(LONGEST) > oldestMs; width *= 2) {
    yield { level: LONGEST, from: to - width + 1, to };
    to -= width;
  }
}

/** The same window in two parts, newest first; null when it can't be divided. */
export function divide({ level, from, to }: TimeWindow): [TimeWindow, TimeWindow] | null {
  if (from < to) {
    const middle = Math.floor((from + to) / 2);
    return [
      { level, from: middle + 1, to },
      { level, from, to: middle },
    ];
  }
  if (level === 0) return null;
  const shorter = level - 1;
  const inner = {
    level: shorter,
    from: bucketOf(shorter, from * sizeAt(level)),
    to: bucketOf(shorter, (to + 1) * sizeAt(level) - 1),
  };
  return divide(inner);
}

export const bucketsOf = ({ from, to }: TimeWindow): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The same window in so many parts, or as many as it has buckets; newest first, about as wide as each other. */
export function partsOf({ level, from, to }: TimeWindow, wanted: number): TimeWindow[] {
  const count = Math.max(1, Math.min(wanted, to - from + 1));
  const bound = (part: number): number => from + Math.floor(((to - from + 1) * part) / count);
  return Array.from({ length: count }, (_, part) => ({
    level,
    from: bound(part),
    to: bound(part + 1) - 1,
  })).toReversed();
}
