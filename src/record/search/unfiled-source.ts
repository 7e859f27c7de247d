import { sql, type RawBuilder } from "kysely";
import { toTimestamp, type Position } from "./position.ts";
import { entriesOf, type Search, type Source, type TimedPlace } from "./source.ts";

/** Batches found at a time. Beyond it nobody is filing, and reading is slow but right. */
const FOUND_AT_ONCE = 5_000;

/** What the filer has not come to yet: an acknowledged entry is found at once. */
export async function* unfiledSource(search: Search): Source {
  const tails = await readTails(search);
  let before: Position = search.before;
  for (;;) {
    const places = await findUnfiled(search, { tails, before });
    search.spent.rows += places.length;
    yield* entriesOf(search, places);
    const last = places.at(-1);
    if (last === undefined || places.length < FOUND_AT_ONCE) return;
    before = { ...last, position: 0 };
  }
}

/** What comes after what is filed, of a writer that may have more. */
type Tail = { writer: number; filedThrough: string; indexedThrough: string };

async function readTails({ db }: Search): Promise<Tail[]> {
  const rows = await db
    .selectFrom("entry_writer")
    .select(["id as writer", "filed_through as filedThrough", "indexed_through as indexedThrough"])
    .where("ended_at", "is", null)
    .execute();
  return rows;
}

/**
 * Newest first; the batch in which `before` stands is among them unless it stands at its beginning. One
 * branch for each writer, with its numbers in it, one look for each gap: as joins, PostgreSQL may come to read the whole table.
 */
async function findUnfiled(
  search: Search,
  { tails, before }: { tails: readonly Tail[]; before: Position },
): Promise<TimedPlace[]> {
  const isWanted = wanted(search, before);
  const branches = [
    sql`select batch.writer, batch.number, batch.at
      from filing_gap as gap cross join lateral (
        select writer, number, at from entry_batch as batch
        where batch.writer = gap.writer and batch.number = gap.number and ${isWanted} limit 1
      ) as batch`,
    ...tails.map(
      ({ writer, filedThrough, indexedThrough }) => sql`
        select batch.writer, batch.number, batch.at from entry_batch as batch
        where batch.writer = ${writer}::int and batch.number > ${indexedThrough}::bigint
          and (batch.class = 'routine' or batch.number > ${filedThrough}::bigint) and ${isWanted}`,
    ),
  ];
  const { rows } = await sql<{ writer: number; number: string; at: Date }>`
    ${sql.join(branches, sql` union `)}
    order by at desc, writer desc, number desc
    limit ${FOUND_AT_ONCE}`.execute(search.db);
  return rows.map(({ writer, number, at }) => ({
    writer,
    number: Number(number),
    atMs: at.getTime(),
  }));
}

function wanted({ subjects, filter }: Search, before: Position): RawBuilder<unknown> {
  return sql`(batch.accounts && ${subjects}::uuid[] or batch.apps && ${subjects}::uuid[])
    and (batch.at, batch.writer, batch.number)
      < (${toTimestamp(before)}::timestamptz, ${before.writer}::int, ${before.number + Math.sign(before.position)}::bigint)
    and batch.at >= ${new Date(filter.fromMs ?? 0)}::timestamptz
    and batch.class = any(${filter.classes ?? ["important", "routine"]}::text[])`;
}
