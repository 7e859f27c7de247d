import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bucketSizesMs, divide, partsOf, timeWindows, type TimeWindow } from "./time-windows.ts";

const spanOf = ({ level, from, to }: TimeWindow): [number, number] => {
  const size = bucketSizesMs[level] ?? 0;
  return [from * size, (to + 1) * size];
};

/** Within a century. */
const instant = fc.integer({ min: 0, max: 3_155_760_000_000 });

test("windows go back without a gap or an overlap, from the newest to beyond the oldest instant", () => {
  fc.assert(
    fc.property(instant, instant, (one, other) => {
      const [oldest, newest] = [Math.min(one, other), Math.max(one, other)];
      const spans = [...timeWindows(newest, oldest)].map(spanOf);
      expect(spans[0]?.[1]).toBeGreaterThan(newest);
      expect(spans.at(-1)?.[0]).toBeLessThanOrEqual(oldest);
      for (const [index, [start]] of spans.slice(0, -1).entries())
        expect(spans[index + 1]?.[1]).toBe(start);
      // They double: a century takes no more.
      expect(spans.length).toBeLessThan(16);
    }),
  );
});

test("a window divides into a newer and an older part, down to one minute", () => {
  fc.assert(
    fc.property(
      instant,
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 70 }),
      (at, level, more) => {
        const from = Math.floor(at / (bucketSizesMs[level] ?? 1));
        const window = { level, from, to: from + more };
        const parts = divide(window);
        expect(parts === null).toBe(level === 0 && more === 0);
        if (parts === null) return;
        const [newer, older] = parts.map(spanOf);
        const [start, end] = spanOf(window);
        expect(newer?.[1]).toBe(end);
        expect(newer?.[0]).toBe(older?.[1]);
        expect(older?.[0]).toBe(start);
      },
    ),
  );
});

test("a window has as many parts as are wanted and it has buckets, newest first, without a gap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: -1, max: 200 }),
      (level, more, wanted) => {
        const window = { level, from: 7, to: 7 + more };
        const parts = partsOf(window, wanted);
        expect(parts).toHaveLength(Math.max(1, Math.min(wanted, more + 1)));
        expect(parts[0]?.to).toBe(window.to);
        expect(parts.at(-1)?.from).toBe(window.from);
        for (const [index, { level: of, from, to }] of parts.entries()) {
          expect(of).toBe(level);
          expect(from).toBeLessThanOrEqual(to);
          if (index > 0) expect(to).toBe((parts[index - 1]?.from ?? 0) - 1);
        }
      },
    ),
  );
});
