import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";
import type { BatchPlace } from "./batch-queries.ts";
import type { WaitingWriter } from "./filing-queries.ts";

/** Numbers in one index row: many enough that a row costs each entry a few bytes, few enough to read what waits. */
const CHUNK_NUMBERS = 2_048;
/** Longest time from the oldest to the newest batch of a row, ms: readers rely on it (and the table's check). */
export const CHUNK_SPAN_MS = 3_600_000;

/**
 * Indexes the routine batches of a writer that are old or many enough, so that what readers have to
 * look through by themselves stays short. @returns whether there is more to do at once.
 */
export async function indexRoutine(
  tx: Tx,
  writer: Pick<WaitingWriter, "id" | "filedThrough" | "indexedThrough">,
  now: Date,
): Promise<{ hasMore: boolean }> {
  const { id, filedThrough, indexedThrough } = writer;
  if (filedThrough === indexedThrough) return { hasMore: false };
  const first = await firstRoutine(tx, {
    writer: id,
    after: indexedThrough,
    through: filedThrough,
  });
  if (first === undefined) {
    await advanceIndex(tx, { writer: id, after: indexedThrough, through: filedThrough });
    return { hasMore: false };
  }
  // From the first that is there: somebody who may insert can write any number, and a gap costs nothing.
  const after = first.number - 1;
  const limit = Math.min(filedThrough, after + CHUNK_NUMBERS);
  const range = { writer: id, after, through: limit };
  const isFull = limit - after === CHUNK_NUMBERS;
  const isOld = now.getTime() - first.atMs >= CHUNK_SPAN_MS;
  if (!isFull && !isOld) return { hasMore: false };
  const through = lastWithin(await readTimes(tx, range)) ?? limit;
  await addChunk(tx, { ...range, through });
  await advanceIndex(tx, { writer: id, after: indexedThrough, through });
  return { hasMore: filedThrough - through >= CHUNK_NUMBERS };
}

/** A batch that was missing when its neighbours were indexed gets a row of its own. */
export async function indexSingle(tx: Tx, { writer, number }: BatchPlace): Promise<void> {
  const { rows } = await sql`select 1 from entry_writer
    where id = ${writer} and indexed_through >= ${number}`.execute(tx);
  if (rows.length > 0) await addChunk(tx, { writer, after: number - 1, through: number });
}

type Range = { writer: number; after: number; through: number };

async function advanceIndex(tx: Tx, { writer, after, through }: Range): Promise<void> {
  await sql`update entry_writer set indexed_through = ${through}
    where id = ${writer} and indexed_through = ${after}`.execute(tx);
}

/** Asked in every round, so one row is all that is read. */
async function firstRoutine(
  tx: Tx,
  { writer, after, through }: Range,
): Promise<{ number: number; atMs: number } | undefined> {
  const { rows } = await sql<{ number: string; at: Date }>`
    select number, at from entry_batch
    where writer = ${writer} and number > ${after} and number <= ${through} and class = 'routine'
    order by number limit 1`.execute(tx);
  const [row] = rows;
  return row && { number: Number(row.number), atMs: row.at.getTime() };
}

async function readTimes(
  tx: Tx,
  { writer, after, through }: Range,
): Promise<{ number: number; atMs: number }[]> {
  const { rows } = await sql<{ number: string; at: Date }>`
    select number, at from entry_batch
    where writer = ${writer} and number > ${after} and number <= ${through} and class = 'routine'
    order by number`.execute(tx);
  return rows.map(({ number, at }) => ({ number: Number(number), atMs: at.getTime() }));
}

/** The last number before the span would be too long, or undefined when all fit. */
function lastWithin(times: readonly { number: number; atMs: number }[]): number | undefined {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { number, atMs } of times) {
    first = Math.min(first, atMs);
    last = Math.max(last, atMs);
    if (last - first > CHUNK_SPAN_MS) return number - 1;
  }
  return undefined;
}

/** Each of a batch's lists holds a value once; only between the two one may stand twice. */
async function addChunk(tx: Tx, { writer, after, through }: Range): Promise<void> {
  await sql`
    with batch as materialized (
      select number, at, accounts || array(select app from unnest(apps) as app where app <> all (accounts)) as subjects
      from entry_batch
      where writer = ${writer} and number > ${after} and number <= ${through} and class = 'routine'
    ), span as materialized (
      select min(at) as first_at, max(at) as last_at from batch
    ), touched as (
      select subject, number, at from batch cross join unnest(subjects) as subject
    )
    insert into routine_index (subject, last_at, first_at, writer, first_number, numbers, times)
    select subject, span.last_at, span.first_at, ${writer}::int, ${after + 1}::bigint,
      array_agg((number - ${after + 1}::bigint)::int order by at desc, number desc),
      array_agg((extract(epoch from at - span.first_at) * 1000)::int order by at desc, number desc)
    from touched cross join span
    group by subject, span.last_at, span.first_at`.execute(tx);
}
