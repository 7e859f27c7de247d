import * as fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";

let uuidv7: (typeof import("./uuid.ts"))["uuidv7"];
beforeEach(async () => {
  vi.resetModules(); // the counter lives in the module: each test is a process of its own
  ({ uuidv7 } = await import("./uuid.ts"));
});

const timeOf = (id: string) => Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
const now = Date.UTC(2026, 10, 21);

describe("uuidv7", () => {
  // RFC 9562, appendix A.6: rand_a = 0xCC3, rand_b = 0x18C4DC0C0C07398F. Our counter starts in the lower half of its
  // range, so that the example's leading bit is dropped: 0xCC3 becomes 0x4C3.
  test("lays out the fields as in the RFC's example", () => {
    const random = Buffer.from("7cc398c4dc0c0c07398f", "hex");
    expect(uuidv7(0x017f22e279b0, () => random)).toBe("017f22e2-79b0-74c3-98c4-dc0c0c07398f");
  });

  test("has version 7, the RFC's variant and the given time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (step) => {
        const id = uuidv7(now + step * 100_000);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
    expect(timeOf(uuidv7(now + 10 ** 12))).toBe(now + 10 ** 12);
  });

  // More than the 12-bit counter holds, so that ids borrow following milliseconds.
  test("sorts 20,000 ids of one millisecond in the order they were made", () => {
    const ids = Array.from({ length: 20_000 }, () => uuidv7(now));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("keeps the order while the clock jitters and steps back a little", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 200 }), (offsets) => {
        const ids = offsets.map((offset) => uuidv7(now + offset));
        expect(ids.toSorted()).toEqual(ids);
      }),
    );
  });

  test("believes a clock that was set back by more than ten seconds", () => {
    uuidv7(now);
    expect(timeOf(uuidv7(now - 10_000))).toBe(now);
    expect(timeOf(uuidv7(now - 10_001))).toBe(now - 10_001);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 48])(
    "refuses the time %d",
    (ms) => {
      expect(() => uuidv7(ms)).toThrow(RangeError);
    },
  );
});
