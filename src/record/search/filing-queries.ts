import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import { DEAD_AFTER_SECONDS } from "../../platform/jobs/dead-after.ts";
import type { EntryClass } from "../../contract/record/entry-class.ts";
import type { BatchPlace } from "./batch-queries.ts";

/** Advisory lock of the one process that files at this moment. */
const FILING_LOCK = 770_002;
/** More numbers missing in one place are no tail of a killed process: batches were deleted. They are reported, not listed. */
export const MAX_LISTED_GAP = 10_000;
/** Numbers looked at in one round, for each writer. */
export const ROUND_NUMBERS = 1_000;

/** False: another process files now. The lock ends with the transaction, whatever becomes of us. */
export async function lockFiling(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${FILING_LOCK}) as locked`.execute(tx);
  return rows[0]?.locked === true;
}

export type WaitingBatch = {
  number: number;
  class: EntryClass | "empty";
  /** Entries in it. */
  count: number;
};

export type WaitingWriter = {
  id: number;
  filedThrough: number;
  indexedThrough: number;
  talliedThrough: number;
  /** Its process is alive: a number that is missing will come. */
  isAlive: boolean;
  waiting: WaitingBatch[];
};

/** The writers that may have more, and what stands after the number that each is filed through. */
export async function readWaiting(tx: Tx): Promise<WaitingWriter[]> {
  const { rows } = await sql<{
    id: number;
    filed: string;
    indexed: string;
    tallied: string;
    alive: boolean;
    numbers: string[] | null;
    classes: WaitingBatch["class"][] | null;
    counts: number[] | null;
  }>`
    select writer.id, writer.filed_through as filed, writer.indexed_through as indexed,
      writer.tallied_through as tallied,
      coalesce(process.seen_at > clock_timestamp() - ${DEAD_AFTER_SECONDS} * interval '1 second', false) as alive,
      waiting.numbers, waiting.classes, waiting.counts
    from entry_writer as writer
    left join process on process.id = writer.process_id
    cross join lateral (
      select array_agg(number order by number) as numbers, array_agg(class order by number) as classes,
        array_agg(count order by number) as counts
      from (
        select number, class, count from entry_batch
        where entry_batch.writer = writer.id and number > writer.filed_through
        order by number limit ${ROUND_NUMBERS}
      ) as batch
    ) as waiting
    where writer.ended_at is null
    order by writer.id`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    filedThrough: Number(row.filed),
    indexedThrough: Number(row.indexed),
    talliedThrough: Number(row.tallied),
    isAlive: row.alive,
    waiting: (row.numbers ?? []).map((number, index) => ({
      number: Number(number),
      class: row.classes?.[index] ?? "empty",
      count: row.counts?.[index] ?? 0,
    })),
  }));
}

export async function advance(tx: Tx, writer: number, filedThrough: number): Promise<void> {
  await sql`update entry_writer set filed_through = ${filedThrough}
    where id = ${writer} and filed_through < ${filedThrough}`.execute(tx);
}

export async function addGaps(
  tx: Tx,
  places: readonly BatchPlace[],
  reason: "missing" | "bad",
): Promise<void> {
  if (places.length === 0) return;
  await sql`
    insert into filing_gap (writer, number, reason)
    select writer, number, ${reason}
    from unnest(${places.map(({ writer }) => writer)}::int[], ${places.map(({ number }) => number)}::bigint[])
      as gap (writer, number)
    on conflict (writer, number) do update set reason = excluded.reason`.execute(tx);
}

/** Gaps where a batch stands by now. `withBad`: also those whose batch was there, with a wrong MAC. */
export async function readClosedGaps(
  tx: Tx,
  { withBad }: { withBad: boolean },
): Promise<(BatchPlace & { class: WaitingBatch["class"] })[]> {
  const { rows } = await sql<{ writer: number; number: string; class: WaitingBatch["class"] }>`
    select gap.writer, gap.number, batch.class
    from filing_gap as gap cross join lateral (
      select class from entry_batch where writer = gap.writer and number = gap.number limit 1
    ) as batch
    where gap.reason = 'missing' or ${withBad}::boolean
    limit ${ROUND_NUMBERS}`.execute(tx);
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

export async function removeGaps(tx: Tx, places: readonly BatchPlace[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    delete from filing_gap using unnest(${places.map(({ writer }) => writer)}::int[],
      ${places.map(({ number }) => number)}::bigint[]) as gone (writer, number)
    where filing_gap.writer = gone.writer and filing_gap.number = gone.number`.execute(tx);
}

/**
 * Writers whose process has been gone for a day, with nothing that is not filed, counted and in the public log, are
 * not looked at again; one that wrote all the same (it was paused for longer) is looked at again.
 */
export async function endWriters(tx: Tx): Promise<void> {
  await sql`
    update entry_writer as writer
    set ended_at = case when writer.ended_at is null then clock_timestamp() end
    where (writer.ended_at is not null) = ((
        select number from entry_batch where entry_batch.writer = writer.id
          and number > least(writer.filed_through, writer.sequenced_through)
        order by number limit 1) is not null)
      and (writer.ended_at is not null or (
        writer.indexed_through = writer.filed_through
        and writer.tallied_through = writer.filed_through
        and writer.started_at < clock_timestamp() - interval '1 day'
        and not exists (select 1 from process where process.id = writer.process_id
          and process.seen_at > clock_timestamp() - interval '1 day')))`.execute(tx);
}
