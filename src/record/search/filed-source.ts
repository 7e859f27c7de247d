import { sql, type RawBuilder } from "kysely";
import { readBatches } from "./batch-queries.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { compareNewestFirst, toTimestamp, type Position } from "./position.ts";
import { keyOf, OPENING_COSTS, seenIn, type Search, type Source } from "./source.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** Rows looked at in one statement, for all subjects together. */
const ROWS_AT_ONCE = 8_000;
/** ... and for one of them at least, and at most. */
const LEAST_ROWS = 20;
const MOST_ROWS = 2_000;

/** Entries opened at a time when only they themselves can tell whether they fit. */
const TEXTS_AT_ONCE = 400;

/** Important entries, from the table in which they are filed under whom they touch. */
export async function* filedSource(search: Search): Source {
  let { before } = search;
  for (;;) {
    const { found, looked, horizon } = await findFiled(search, before);
    search.spent.rows += looked + OPENING_COSTS * found.length;
    for (const entry of await readFound(search, found)) yield { place: entry.place, entry };
    if (horizon === null) return;
    yield { place: horizon };
    before = horizon;
  }
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
async function findFiled(search: Search, before: Position): Promise<Found> {
  const { db, subjects, filter } = search;
  const { perSubject, enough } = sharesOf(search);
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
      select near.at, writer, number, position
      from near join filed_entry as entry using (writer, number, position)
      where ${fits(filter)}
      order by near.at desc, writer desc, number desc, position desc
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
function sharesOf({ subjects, filter, limit }: Search): { perSubject: number; enough: number } {
  const share = Math.max(LEAST_ROWS, Math.floor(ROWS_AT_ONCE / subjects.length));
  return {
    perSubject: Math.min(share, isNarrow(filter) ? MOST_ROWS : limit + 1),
    enough: filter.text === undefined ? limit + 1 : TEXTS_AT_ONCE,
  };
}

const asPosition = sql.raw(
  "json_build_object('atMs', (extract(epoch from at) * 1000)::bigint, 'writer', writer, 'number', number, 'position', position)",
);

/** Whether a filter beside the time is given: then more rows are looked at than wanted. */
const isNarrow = ({ fromMs: _from, toMs: _to, classes: _classes, ...rest }: EntryFilter): boolean =>
  Object.keys(rest).length > 0;

/** What the columns can tell; the entry itself is asked afterwards. */
function fits(filter: EntryFilter): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  const { actions, actionPrefixes = [], outcomes, reasons, actorIds } = filter;
  if (actions !== undefined)
    conditions.push(
      sql`(entry.action = any(${actions}::text[]) or entry.action like any(${actionPrefixes.map((prefix) => `${prefix}%`)}::text[]))`,
    );
  if (outcomes !== undefined) conditions.push(sql`entry.outcome = any(${outcomes}::text[])`);
  if (reasons !== undefined) conditions.push(sql`entry.reason = any(${reasons}::text[])`);
  if (actorIds !== undefined) conditions.push(sql`entry.actor_id = any(${actorIds}::uuid[])`);
  if (filter.credentialIds !== undefined)
    conditions.push(
      sql`(entry.credential_id = any(${filter.credentialIds}::text[]) or entry.target_ids && ${filter.credentialIds}::text[])`,
    );
  if (filter.cidrs !== undefined)
    conditions.push(sql`entry.address <<= any(${filter.cidrs}::inet[])`);
  if (filter.requestIds !== undefined)
    conditions.push(sql`entry.request_id = any(${filter.requestIds}::text[])`);
  return sql.join(conditions, sql` and `);
}

async function readFound(search: Search, found: readonly Position[]): Promise<VisibleEntry[]> {
  const wanted = Map.groupBy(found, keyOf);
  const seen: VisibleEntry[] = [];
  for (const batch of await readBatches(
    search.db,
    [...wanted.values()].flatMap((places) => places.slice(0, 1)),
  )) {
    const positions = new Set(wanted.get(keyOf(batch))?.map(({ position }) => position));
    seen.push(...seenIn(search, batch, (position) => positions.has(position)));
  }
  return seen.toSorted((one, other) => compareNewestFirst(one.place, other.place));
}
