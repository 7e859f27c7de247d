import { sql } from "kysely";
import { CHUNK_SPAN_MS } from "./index-routine.ts";
import { compareNewestFirst, toTimestamp } from "./position.ts";
import { entriesOf, keyOf, type Search, type Source, type TimedPlace } from "./source.ts";

/** Rows of the index found at a time, and opened at a time: few at first, for a page may be full soon. */
const CHUNKS_FOUND = 32;
const CHUNKS_OPENED_FIRST = 4;

/** A row of the index, whichever of the subjects it is for. */
type Chunk = { writer: number; firstNumber: number; lastAtMs: number; firstAtMs: number };

/**
 * Routine entries, by the index of their batches. Chunks of several writers overlap in time, so a batch
 * is read once no chunk that is still closed could hold a newer one.
 */
export async function* routineSource(search: Search): Source {
  let after: Chunk | null = null;
  let places: TimedPlace[] = [];
  let share = CHUNKS_OPENED_FIRST;
  for (;;) {
    const chunks: Chunk[] = await findChunks(search, after);
    for (let index = 0; index < chunks.length;) {
      const opened = await openChunks(search, chunks.slice(index, index + share));
      index += share;
      share = Math.min(share * 2, CHUNKS_FOUND);
      places = inOrder([...places, ...opened]);
      const next = chunks[index] ?? (isLast(chunks) ? undefined : chunks.at(-1));
      const closedAtMs = next?.lastAtMs ?? Number.NEGATIVE_INFINITY;
      const ready = places.filter(({ atMs }) => atMs > closedAtMs);
      places = places.slice(ready.length);
      yield* entriesOf(search, ready);
    }
    after = chunks.at(-1) ?? null;
    if (after === null || isLast(chunks)) return;
  }
}

const isLast = (chunks: readonly Chunk[]): boolean => chunks.length < CHUNKS_FOUND;

/** The index rows in which something after `before` may stand, newest first, after the one that was last. */
async function findChunks(
  { db, subjects, filter, before, spent }: Search,
  after: Chunk | null,
): Promise<Chunk[]> {
  // No row spans more: what begins before the place may end so much later.
  const newest = toTimestamp({ atMs: before.atMs + CHUNK_SPAN_MS + 1 });
  const { rows } = await sql<{
    writer: number;
    first_number: string;
    last_at: Date;
    first_at: Date;
  }>`
    select distinct chunk.last_at, chunk.writer, chunk.first_number, chunk.first_at
    from unnest(${subjects}::uuid[]) as wanted (subject)
    cross join lateral (
      select last_at, writer, first_number, first_at from routine_index
      where subject = wanted.subject
        and (last_at, writer, first_number)
          < (${after === null ? newest : new Date(after.lastAtMs)}::timestamptz, ${after?.writer ?? 0}::int, ${after?.firstNumber ?? 0}::bigint)
        and first_at <= ${toTimestamp(before)}::timestamptz
        and last_at >= ${new Date(filter.fromMs ?? 0)}::timestamptz
      order by last_at desc, writer desc, first_number desc
      limit ${CHUNKS_FOUND}
    ) as chunk
    order by chunk.last_at desc, chunk.writer desc, chunk.first_number desc, chunk.first_at
    limit ${CHUNKS_FOUND}`.execute(db);
  spent.rows += rows.length;
  return rows.map((row) => ({
    writer: row.writer,
    firstNumber: Number(row.first_number),
    lastAtMs: row.last_at.getTime(),
    firstAtMs: row.first_at.getTime(),
  }));
}

/** The batches in these chunks that hold something after `before`. */
async function openChunks(
  { db, subjects, filter, before, spent }: Search,
  chunks: readonly Chunk[],
): Promise<TimedPlace[]> {
  const { rows } = await sql<{ writer: number; numbers: string[]; times: number[] }>`
    select batch.writer, array_agg(batch.number) as numbers, array_agg(batch.at_ms) as times
    from (
      select distinct chunk.writer, chunk.first_number + offsets.number as number,
        (extract(epoch from chunk.first_at) * 1000)::float8 + offsets.time as at_ms
      from unnest(${chunks.map(({ writer }) => writer)}::int[], ${chunks.map(({ firstNumber }) => firstNumber)}::bigint[],
          ${chunks.map(({ lastAtMs }) => new Date(lastAtMs))}::timestamptz[])
        as opened (writer, first_number, last_at)
      cross join unnest(${subjects}::uuid[]) as wanted (subject)
      join routine_index as chunk on chunk.subject = wanted.subject and chunk.last_at = opened.last_at
        and chunk.writer = opened.writer and chunk.first_number = opened.first_number
      cross join unnest(chunk.numbers, chunk.times) as offsets (number, time)
    ) as batch
    where batch.at_ms >= ${filter.fromMs ?? 0} and batch.at_ms <= ${Math.min(before.atMs, Number.MAX_SAFE_INTEGER)}::float8
    group by batch.writer`.execute(db);
  const places = rows.flatMap(({ writer, numbers, times }) =>
    numbers.map((number, index) => ({
      writer,
      number: Number(number),
      atMs: times[index] ?? 0,
    })),
  );
  spent.rows += places.length;
  return places.filter((place) => compareNewestFirst(before, { ...place, position: 0 }) < 0);
}

/** Newest first, each batch once. */
function inOrder(places: readonly TimedPlace[]): TimedPlace[] {
  const distinct = new Map(places.map((place) => [keyOf(place), place]));
  return [...distinct.values()].toSorted((one, other) =>
    compareNewestFirst({ ...one, position: 0 }, { ...other, position: 0 }),
  );
}
