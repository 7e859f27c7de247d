import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { asPosition, conditionsOf, fits, readFound } from "./filed-rows.ts";
import { soughtBy, type Sought } from "./filter-terms.ts";
import { indexedSource } from "./indexed-source.ts";
import { toTimestamp, type Position } from "./position.ts";
import { OPENING_COSTS, type Search, type Source } from "./source.ts";

/** Rows looked at in one statement, for all subjects together. */
const ROWS_AT_ONCE = 8_000;
/** ... and for one of them at least, and at most. */
const LEAST_ROWS = 20;
const MOST_ROWS = 2_000;

/** Rows gone through before the index of terms is asked. */
const ROWS_BEFORE_JUMP = 1_000;

/** Entries opened at a time when only they themselves can tell whether they fit. */
const TEXTS_AT_ONCE = 400;

/**
 * Important entries, from the table in which they are filed under whom they touch. Of a filter that fits many the
 * newest are found by going through some; then the index of terms finds the others.
 */
export async function* filedSource(search: Search): Source {
  let { before } = search;
  const sought = await readSought(search);
  if (sought !== null && conditionsOf(sought).length === 0) return;
  for (;;) {
    const { found, looked, horizon } = await findFiled(search, { before, sought });
    search.spent.rows += looked + OPENING_COSTS * found.length;
    for (const entry of await readFound(search, found)) yield { place: entry.place, entry };
    if (horizon === null) return;
    yield { place: horizon };
    before = horizon;
    if (sought !== null) return yield* indexedSource(search, sought, before);
  }
}

/** Null: entries are gone through. */
async function readSought(search: Search): Promise<Sought | null> {
  const mayJump = isNarrow(search.filter) && (await areTermsFiled(search.db));
  return mayJump ? await soughtBy(search.db, search) : null;
}

/** Not yet after an upgrade: then entries are gone through. */
async function areTermsFiled(db: Db): Promise<boolean> {
  const { rows } = await sql`select from filed_entry where terms is null limit 1`.execute(db);
  return rows.length === 0;
}

type Found = {
  found: Position[];
  looked: number;
  /** How far was looked; null: to the end. */
  horizon: Position | null;
};

/**
 * The next rows of each subject, and of these whatever fits the filter, down to the first place where
 * a subject might have more than was read.
 */
async function findFiled(
  search: Search,
  { before, sought }: { before: Position; sought: Sought | null },
): Promise<Found> {
  const { db, subjects, filter } = search;
  const { perSubject, enough } = sharesOf(search, sought !== null);
  const isMeant = sought === null ? sql`true` : sql.join(conditionsOf(sought), sql` or `);
  const { rows } = await sql<FoundRow>`
    with post as materialized (
      select post.* from unnest(${subjects}::uuid[]) as wanted (subject)
      cross join lateral (
        select at, writer, number, position,
          row_number() over (order by at desc, writer desc, number desc, position desc) as rank
        from filed_subject
        where subject = wanted.subject and (at, writer, number, position)
            < (${toTimestamp(before)}::timestamptz, ${before.writer}::int, ${before.number}::bigint, ${before.position}::int)
          and at >= ${new Date(filter.fromMs ?? 0)}::timestamptz
        order by at desc, writer desc, number desc, position desc
        limit ${perSubject}
      ) as post
    ), horizon as materialized (
      select at, writer, number, position from post where rank = ${perSubject}
      order by at desc, writer desc, number desc, position desc limit 1
    ), near as (
      select distinct post.at, post.writer, post.number, post.position
      from post left join horizon on true
      where horizon.at is null or (post.at, post.writer, post.number, post.position)
        >= (horizon.at, horizon.writer, horizon.number, horizon.position)
    ), found as (
      select near.at, near.writer, near.number, near.position
      from near cross join lateral (
        -- Each row by its key: "offset 0" keeps what it must meet out here, or the index of terms would be asked for
        -- all of the log at once.
        select * from filed_entry
        where (writer, number, position) = (near.writer, near.number, near.position) offset 0
      ) as entry
      where ${fits(filter)} and (${isMeant})
      order by near.at desc, near.writer desc, near.number desc, near.position desc
      limit ${enough}
    )
    select (select count(*)::int from post) as looked,
      (select ${asPosition} from horizon) as horizon,
      (select json_agg(${asPosition} order by at desc, writer desc, number desc, position desc) from found) as found`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the statement answers with one row");
  const found = row.found ?? [];
  const last = found.length === enough ? found.at(-1) : undefined;
  return { looked: row.looked, horizon: last ?? row.horizon, found };
}

type FoundRow = { looked: number; horizon: Position | null; found: Position[] | null };

/** How many rows are looked at for each subject, and how many that fit are enough. */
function sharesOf(
  { subjects, filter, limit }: Search,
  mayJump: boolean,
): { perSubject: number; enough: number } {
  const rows = mayJump ? ROWS_BEFORE_JUMP : ROWS_AT_ONCE;
  const share = Math.max(LEAST_ROWS, Math.floor(rows / subjects.length));
  return {
    perSubject: Math.min(share, isNarrow(filter) ? MOST_ROWS : limit + 1),
    enough: filter.text === undefined || mayJump ? limit + 1 : TEXTS_AT_ONCE,
  };
}

/** Whether a filter beside the time is given: then more rows are looked at than wanted. */
const isNarrow = ({ fromMs: _from, toMs: _to, classes: _classes, ...rest }: EntryFilter): boolean =>
  Object.keys(rest).length > 0;
