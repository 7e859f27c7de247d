import type { Tx } from "../../platform/db/db.ts";
import type { BatchPlace } from "../search/batch-queries.ts";
import { MAX_LISTED_GAP } from "../search/filing-queries.ts";
import {
  addGaps,
  advanceWriter,
  readWaiting,
  ROUND_NUMBERS,
  takeClosedGaps,
  type WaitingWriter,
} from "./sequence-queries.ts";

/** Payload read in one round, bytes: what is in memory at once stays small. */
const ROUND_BYTES = 4 * 1024 * 1024;

type TimedPlace = BatchPlace & { atMs: number };

/**
 * Says which batches come into the log now, and notes that they did, in the transaction that adds their
 * leaves. A living process's missing number will come: what that writer wrote after it waits. Of a
 * process that is gone, missing numbers are noted and gone past; if the batch comes after all, it comes
 * into the log then.
 *
 * @returns the places in the log's order: by time, then writer and number.
 */
export async function takeBatches(tx: Tx): Promise<{ places: BatchPlace[]; hasMore: boolean }> {
  const places: TimedPlace[] = [];
  let hasMore = false;
  let bytes = 0;
  for (const writer of await readWaiting(tx)) {
    const share = takeShare(writer, ROUND_BYTES - bytes);
    if (share.through > writer.sequencedThrough) {
      await addGaps(tx, share.missing);
      await advanceWriter(tx, writer.id, share.through);
    }
    places.push(...share.places);
    bytes += share.bytes;
    hasMore ||= share.hasMore;
  }
  const late = await takeClosedGaps(tx);
  const timely = places
    .toSorted((a, b) => a.atMs - b.atMs || a.writer - b.writer || a.number - b.number)
    .map(({ writer, number }) => ({ writer, number }));
  return { places: [...late, ...timely], hasMore };
}

function takeShare(
  { id, sequencedThrough, isAlive, waiting }: WaitingWriter,
  budget: number,
): {
  places: TimedPlace[];
  missing: BatchPlace[];
  through: number;
  bytes: number;
  hasMore: boolean;
} {
  const share = { places: [] as TimedPlace[], missing: [] as BatchPlace[], bytes: 0 };
  let through = sequencedThrough;
  for (const { number, atMs, bytes } of waiting) {
    if (number > through + 1 && isAlive) return { ...share, through, hasMore: false };
    // One batch is always taken, however large.
    if (share.bytes >= budget) return { ...share, through, hasMore: true };
    // Somebody who may insert can write any number: what is missing before it is not counted out.
    if (number - through - 1 <= MAX_LISTED_GAP)
      for (let absent = through + 1; absent < number; absent++)
        share.missing.push({ writer: id, number: absent });
    share.places.push({ writer: id, number, atMs });
    share.bytes += bytes;
    through = number;
  }
  return { ...share, through, hasMore: waiting.length === ROUND_NUMBERS };
}
