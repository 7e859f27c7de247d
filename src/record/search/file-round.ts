import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { readBatches, type BatchPlace } from "./batch-queries.ts";
import { fileImportant, type OpenedBatch } from "./file-important.ts";
import { tallyLate, tallyWriter } from "./file-tally.ts";
import {
  addGaps,
  advance,
  endWriters,
  lockFiling,
  MAX_LISTED_GAP,
  readClosedGaps,
  readWaiting,
  removeGaps,
  ROUND_NUMBERS,
  type WaitingWriter,
} from "./filing-queries.ts";
import { indexRoutine, indexSingle } from "./index-routine.ts";
import { openBatch } from "./open-batch.ts";

/** Entries of one writer filed in one round, and a batch's more: what is sent in one statement stays small. */
const ROUND_ENTRIES = 4_000;

export type FilingServices = Pick<Context, "db" | "clock" | "log" | "keyRing" | "recorder">;

export type Round = {
  /** Look again at batches whose MAC was wrong: our keys may be others now. */
  withBad: boolean;
  /** Look for writers that have ended. */
  withEnds: boolean;
};

/**
 * Files what has been committed since the last round, in one transaction: important entries and their
 * subjects, what there is of each kind by the hour, then, in bulk, the index of routine batches. Any number of processes may run it; one at a
 * time does something.
 *
 * @returns whether there is more to do at once, and whether anything was new.
 */
export async function fileRound(
  services: FilingServices,
  round: Round,
): Promise<{ hasMore: boolean; hasNews: boolean }> {
  return await services.db.transaction().execute(async (tx) => {
    if (!(await lockFiling(tx))) return { hasMore: false, hasNews: false };
    const writers = await readWaiting(tx);
    let hasMore = false;
    for (const writer of writers) {
      const filed = await fileWriter(tx, services, writer);
      const now = services.clock.now();
      const indexed = await indexRoutine(tx, { ...writer, filedThrough: filed.through }, now);
      const { id, talliedThrough, isAlive } = writer;
      const place = { writer: id, filedThrough: filed.through, talliedThrough, isAlive };
      const tallied = await tallyWriter(tx, services, place);
      hasMore ||= filed.hasMore || indexed.hasMore || tallied.hasMore;
    }
    await closeGaps(tx, services, round);
    if (round.withEnds) await endWriters(tx);
    return { hasMore, hasNews: writers.some(({ waiting }) => waiting.length > 0) };
  });
}

/** @returns the number through which the writer is filed now. */
async function fileWriter(
  tx: Tx,
  services: FilingServices,
  writer: WaitingWriter,
): Promise<{ through: number; hasMore: boolean }> {
  const { through, important, missing, hasMore } = plan(writer, services);
  if (through === writer.filedThrough) return { through, hasMore: false };
  await addGaps(tx, missing, "missing");
  await fileGood(tx, services, important);
  await advance(tx, writer.id, through);
  return { through, hasMore };
}

/** What may be filed now. A living process's missing number will come: all after it waits. */
function plan({ id, filedThrough, isAlive, waiting }: WaitingWriter, { log }: FilingServices) {
  const important: BatchPlace[] = [];
  const missing: BatchPlace[] = [];
  let through = filedThrough;
  let entries = 0;
  for (const batch of waiting) {
    const gap = batch.number - through - 1;
    if (gap > 0 && isAlive) return { through, important, missing, hasMore: false };
    if (entries >= ROUND_ENTRIES) return { through, important, missing, hasMore: true };
    if (gap > MAX_LISTED_GAP)
      log.error({ writer: id, after: through, before: batch.number }, "batches are missing");
    else
      for (let number = through + 1; number < batch.number; number++)
        missing.push({ writer: id, number });
    if (batch.class === "important") {
      important.push({ writer: id, number: batch.number });
      entries += batch.count;
    }
    through = batch.number;
  }
  return { through, important, missing, hasMore: waiting.length === ROUND_NUMBERS };
}

/** Files what is as it was written; the rest is left out, as a gap. @returns the places of those left out. */
async function fileGood(
  tx: Tx,
  services: FilingServices,
  places: readonly BatchPlace[],
): Promise<BatchPlace[]> {
  const good: OpenedBatch[] = [];
  const bad: BatchPlace[] = [];
  for (const batch of await readBatches(tx, places)) {
    const entries = openBatch(services, batch);
    if (entries === null) bad.push(batch);
    else good.push({ batch, entries });
  }
  await fileImportant(tx, good);
  await addGaps(tx, bad, "bad");
  return bad;
}

async function closeGaps(tx: Tx, services: FilingServices, { withBad }: Round): Promise<void> {
  const closed = await readClosedGaps(tx, { withBad });
  if (closed.length === 0) return;
  const important = closed.filter((place) => place.class === "important");
  const bad = await fileGood(tx, services, important);
  const filed = closed.filter((place) => !isAmong(bad, place));
  const uncounted = await tallyLate(tx, services, filed);
  const good = filed.filter((place) => !isAmong(uncounted, place));
  for (const place of good) if (place.class === "routine") await indexSingle(tx, place);
  await removeGaps(tx, good);
}

const isAmong = (places: readonly BatchPlace[], { writer, number }: BatchPlace): boolean =>
  places.some((place) => place.writer === writer && place.number === number);
