import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import { asPosition, conditionsOf, fits, readFound } from "./filed-rows.ts";
import type { Sought } from "./filter-terms.ts";
import { toTimestamp, type Position } from "./position.ts";
import { OPENING_COSTS, type Search, type Source } from "./source.ts";
import { timeTerm } from "./terms.ts";
import {
  bucketsOf,
  divide,
  partsOf,
  spanOf,
  timeWindows,
  windowStartMs,
  type TimeWindow,
} from "./time-windows.ts";

/** More rows of one window are not put in order to show the newest few: the window is divided. */
const MAX_SORTED = 3_000;
/** No part of a window should take longer, ms: after each the page may end, with a cursor. */
const PART_MS = 100;
/** What a statement takes that finds nothing, ms. */
const STATEMENT_MS = 5;
/** What a millisecond costs, in rows looked at: what no rare term tells apart ends after half a second, with a cursor. */
const ROWS_PER_MS = 20;
/**
 * Filed entries that may fit the filter, by their terms, before `newest`. Windows of time widen until the page is
 * full, so what many fit costs as little as what few do.
 */
export async function* indexedSource(search: Search, sought: Sought, newest: Position): Source {
  const oldestMs = await readOldest(search);
  if (oldestMs === null) return;
  await preferIndexes(search.db);
  /** What the window before took for each millisecond of the log. */
  let pace = 0;
  for (const window of timeWindows(newest.atMs, oldestMs))
    for (const part of partsOf(window, Math.ceil((pace * spanOf(window)) / PART_MS))) {
      const clock = { ms: -STATEMENT_MS };
      yield* windowSource(search, { ...sought, window: part, before: newest, clock });
      pace = Math.max(0, clock.ms) / spanOf(part);
    }
}

type Windowed = Sought & {
  window: TimeWindow;
  before: Position;
  /** Counts what the statements took. */
  clock: { ms: number };
};

async function* windowSource(search: Search, given: Windowed): Source {
  const { window } = given;
  let { before } = given;
  for (;;) {
    const found = await findIn(search, { ...given, before });
    if (found === "too-many") {
      for (const part of divide(window) ?? [])
        yield* windowSource(search, { ...given, before, window: part });
      return;
    }
    for (const entry of await readFound(search, found.rows)) yield { place: entry.place, entry };
    const last = found.rows.at(-1);
    if (found.isAll || last === undefined) break;
    yield { place: last };
    before = last;
  }
  yield { place: { atMs: windowStartMs(window), writer: 0, number: 0, position: 0 } };
}

/** The next rows of the window, newest first; "too-many": it can be divided, and should be. */
async function findIn(
  search: Search,
  { alternatives, place, window, before, clock }: Windowed,
): Promise<{ rows: Position[]; isAll: boolean } | "too-many"> {
  const { db, filter, limit, spent } = search;
  const most = divide(window) === null ? null : MAX_SORTED + 1;
  const enough = limit + 1;
  const rest = sql`(entry.at, entry.writer, entry.number, entry.position)
      < (${toTimestamp(before)}::timestamptz, ${before.writer}::int, ${before.number}::bigint, ${before.position}::int)
    and entry.at >= ${new Date(Math.max(filter.fromMs ?? 0, windowStartMs(window)))}::timestamptz
    and ${fits(filter)}`;
  const times = bucketsOf(window).map((bucket) => timeTerm(window.level, bucket));
  const inWindow = alternatives.map((groups) => [times, ...groups]);
  const branches = conditionsOf({ alternatives: inWindow, place }).map(
    (condition) => sql`(
      select entry.at, entry.writer, entry.number, entry.position from filed_entry as entry
      where ${condition} and ${rest} limit ${most}::bigint)`,
  );
  const beganAt = performance.now();
  const { rows } = await sql<{ looked: number; found: Position[] | null }>`
    with candidate as materialized (${sql.join(branches, sql` union `)}),
    newest as (
      select * from candidate order by at desc, writer desc, number desc, position desc limit ${enough}
    )
    select (select count(*)::int from candidate) as looked,
      (select json_agg(${asPosition} order by at desc, writer desc, number desc, position desc) from newest) as found`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the statement answers with one row");
  const ms = performance.now() - beganAt;
  clock.ms += ms;
  spent.rows += Math.ceil(ms * ROWS_PER_MS);
  if (most !== null && row.looked >= most) return "too-many";
  const found = row.found ?? [];
  spent.rows += OPENING_COSTS * found.length;
  return { rows: found, isAll: found.length < enough };
}

/** When the first entry was filed that any of the subjects has, or what the filter begins with. */
async function readOldest({ db, subjects, filter }: Search): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(post.at) as at from unnest(${subjects}::uuid[]) as wanted (subject)
    cross join lateral (
      select at from filed_subject where subject = wanted.subject order by at limit 1
    ) as post`.execute(db);
  const at = rows[0]?.at ?? null;
  return at === null ? null : Math.max(at.getTime(), filter.fromMs ?? 0);
}

/** For the rest of the snapshot: a limit makes PostgreSQL believe that going through the table ends soon. */
async function preferIndexes(db: Db): Promise<void> {
  await sql`select set_config('enable_seqscan', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)`.execute(
    db,
  );
}
