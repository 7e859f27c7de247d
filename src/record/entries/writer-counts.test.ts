import { expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { alikeOf } from "./alike.ts";
import { WriterCounts } from "./writer-counts.ts";

const at = new Date("2026-03-01T10:59:59.999Z");
const kind = () => ({ alike: alikeOf(anEntry({ at })) });

/** Closes what was counted through this number. */
function close(counts: WriterCounts, last: number, counted = 0) {
  counts.want();
  return counts.due(counted, last);
}

test("a batch counts in the share of its number, whenever its commit becomes known", () => {
  const counts = new WriterCounts();
  const shared = kind();
  counts.add({ number: 1, at }, [shared, shared]);
  const first = close(counts, 3);
  counts.add({ number: 4, at }, [shared]);
  counts.add({ number: 2, at }, [shared, { ...shared, count: 9 }]);
  expect([first?.after, first?.through, first?.batches]).toEqual([0, 3, 2]);
  expect([...(first?.hours.values() ?? [])].flatMap((hour) => [...hour.values()])).toEqual([
    { count: 12, lastAtMs: at.getTime() },
  ]);
  expect(close(counts, 4)).toBe(first); // until it is in the tables
  expect(close(counts, 4, 3)).toMatchObject({ after: 3, through: 4, batches: 1 });
});

test("what comes when its share is written already is nobody's", () => {
  const counts = new WriterCounts();
  close(counts, 2);
  expect(close(counts, 2, 2)).toBeNull();
  counts.add({ number: 1, at }, [kind()]);
  expect(close(counts, 3, 2)).toMatchObject({ after: 2, batches: 0 });
});

test("hours are counted apart", () => {
  const counts = new WriterCounts();
  const shared = kind();
  counts.add({ number: 1, at }, [shared]);
  counts.add({ number: 2, at: new Date(at.getTime() + 1) }, [shared]);
  expect([...(close(counts, 2)?.hours.keys() ?? [])]).toEqual(
    ["2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"].map((hour) => Date.parse(hour)),
  );
});

test("more kinds than memory takes are let go, and the share says so", () => {
  const counts = new WriterCounts();
  counts.add({ number: 1, at }, Array.from({ length: 50_001 }, kind));
  counts.add({ number: 2, at }, [kind()]);
  const share = close(counts, 2);
  expect([share?.isWhole, share?.batches, share?.hours.size]).toEqual([false, 2, 0]);
});
