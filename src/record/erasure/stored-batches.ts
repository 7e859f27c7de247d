import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import { DEAD_AFTER_SECONDS } from "../../platform/jobs/dead-after.ts";
import type { BatchRow } from "../entries/batch.ts";
import type { BatchPlace } from "../search/batch-queries.ts";
import type { StoredBatch } from "./rewrite-batch.ts";

export type ReadBatch = {
  batch: BatchRow;
  /**
   * With its leaf, once a signed checkpoint covers that, the log has counted whose entries they are, and all
   * copies for search are made.
   */
  ready: StoredBatch | null;
  /** Its entries are in the counts. */
  isTallied: boolean;
  /** The filer could not take it as it is. */
  isSetAside: boolean;
};

type Row = Omit<BatchRow, "number"> & {
  number: string;
  epoch: number | null;
  index: string;
  leaf: Buffer;
  seed: Buffer | null;
  openings: Buffer | null;
  takenAt: Date;
  isReady: boolean;
  isTallied: boolean;
  isSetAside: boolean;
};

/**
 * The batches at these places with their leaves; what is not there is left out. A former life of the log is not
 * counted any more. One whose writer's process
 * still counts it from memory is not ready: that count would bring back what is erased.
 */
export async function readStored(db: Db, places: readonly BatchPlace[]): Promise<ReadBatch[]> {
  const { rows } = await sql<Row>`
    select batch.day, batch.writer, batch.number, batch.class, batch.at, batch.count, batch.organisations,
      batch.accounts, batch.apps, batch.credentials, batch.payload, batch.mac, batch.mac_key_id as "macKeyId",
      leaf.epoch, leaf.index, leaf.leaf, leaf.seed, leaf.openings, leaf.taken_at as "takenAt",
      batch.number <= writer.tallied_through as "isTallied",
      gap.writer is not null as "isSetAside",
      coalesce(leaf.index < epoch.checkpoint_size, false) and batch.number <= writer.filed_through
        and (leaf.index < (select coalesce(max(covered), 0) from count_map where count_map.epoch = leaf.epoch)
          or leaf.epoch < (select max(newest.epoch) from log_epoch as newest))
        and (batch.number <= writer.tallied_through or not coalesce(
          process.seen_at > clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second', false)) as "isReady"
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as place (writer, number)
    join entry_batch as batch using (writer, number)
    join entry_writer as writer on writer.id = batch.writer
    left join process on process.id = writer.process_id
    left join log_leaf as leaf on leaf.writer = batch.writer and leaf.number = batch.number
    left join log_epoch as epoch on epoch.epoch = leaf.epoch
    left join filing_gap as gap on gap.writer = batch.writer and gap.number = batch.number
    order by batch.writer, batch.number`.execute(db);
  return rows.map(toRead);
}

function toRead(row: Row): ReadBatch {
  const { epoch, index, leaf, seed, openings, takenAt, isReady, isTallied, isSetAside, ...batch } =
    row;
  const read = { ...batch, number: Number(batch.number) };
  const stored =
    isReady && epoch !== null
      ? { batch: read, leaf: { epoch, index: Number(index), leaf, seed, openings, takenAt } }
      : null;
  return { batch: read, ready: stored, isTallied, isSetAside };
}

export type LeafState = BatchPlace & {
  /** What opens the batch now; null: its seed still does, or nothing. */
  openings: Buffer | null;
  /** False: as before. */
  isChanged: boolean;
  /** When to look at it again; null: never, nothing is left of it; undefined: as before. */
  lookAt: Date | null | undefined;
};

/** Notes what opens a batch from now on, and when to look at it again. */
export async function updateLeaves(
  tx: Tx,
  { act, leaves }: { act: number; leaves: readonly LeafState[] },
): Promise<void> {
  await sql`
    update log_leaf as leaf set
      seed = case when given.changed then null else leaf.seed end,
      openings = case when given.changed then given.openings else leaf.openings end,
      erased_by = case when given.changed then ${act}::bigint else leaf.erased_by end,
      look_at = case when given.keeps then leaf.look_at else given.look end
    from unnest(${leaves.map(({ writer }) => writer)}::int[], ${leaves.map(({ number }) => number)}::bigint[],
      ${leaves.map(({ openings }) => openings)}::bytea[], ${leaves.map(({ isChanged }) => isChanged)}::boolean[],
      ${leaves.map(({ lookAt }) => lookAt ?? null)}::timestamptz[], ${leaves.map(({ lookAt }) => lookAt === undefined)}::boolean[])
      as given (writer, number, openings, changed, look, keeps)
    where leaf.writer = given.writer and leaf.number = given.number`.execute(tx);
}

export async function updateBatch(tx: Tx, batch: BatchRow): Promise<void> {
  await sql`
    update entry_batch set organisations = ${batch.organisations}, accounts = ${batch.accounts},
      apps = ${batch.apps}, credentials = ${batch.credentials}, payload = ${batch.payload},
      mac = ${batch.mac}, mac_key_id = ${batch.macKeyId}
    where writer = ${batch.writer} and number = ${batch.number} and day = ${batch.day}`.execute(tx);
}

export async function deleteBatches(tx: Tx, places: readonly BatchPlace[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    delete from entry_batch as batch using unnest(${places.map(({ writer }) => writer)}::int[],
      ${places.map(({ number }) => number)}::bigint[]) as gone (writer, number)
    where batch.writer = gone.writer and batch.number = gone.number`.execute(tx);
}
