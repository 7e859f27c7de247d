import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

/** Every map is kept for so long, and afterwards the last one of each day. */
const ALL_KEPT_DAYS = 8;
/** Days looked at in one round; more than one only after a long stop. */
const ROUND_DAYS = 40;

/**
 * Forgets what old maps held, but for the last of each day (UTC) and of each life: completeness between two days
 * stays provable for good, and the tables stay small. Leaves of the log stay as they are.
 */
export async function thinMaps(db: Db): Promise<void> {
  const { rows } = await sql<{ day: string }>`
    select distinct (made_at at time zone 'UTC')::date::text as day from count_map
    where made_at < clock_timestamp() - ${ALL_KEPT_DAYS} * interval '1 day'
    group by epoch, (made_at at time zone 'UTC')::date having count(*) > 1
    order by day limit ${ROUND_DAYS}`.execute(db);
  for (const { day } of rows) await thinDay(db, day);
}

/**
 * A day's maps become its last one: of each subject and bucket the newest row of that day says what it was in
 * that map, and older ones of the day say nothing that is still asked.
 */
async function thinDay(db: Db, day: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const span = sql`
      select epoch, min(covered) as first, max(covered) as last from count_map
      where made_at >= ${day}::date::timestamp at time zone 'UTC'
        and made_at < (${day}::date + 1)::timestamp at time zone 'UTC'
      group by epoch`;
    await sql`
      with span as (${span})
      delete from count_change as change using span
      where change.epoch = span.epoch and change.map between span.first and span.last
        and exists (select 1 from count_change as newer where newer.epoch = change.epoch
          and newer.tag = change.tag and newer.map > change.map and newer.map <= span.last)`.execute(
      tx,
    );
    await sql`
      with span as (${span})
      delete from count_bucket as bucket using span
      where bucket.epoch = span.epoch and bucket.map between span.first and span.last
        and exists (select 1 from count_bucket as newer where newer.epoch = bucket.epoch
          and newer.bucket = bucket.bucket and newer.map > bucket.map and newer.map <= span.last)`.execute(
      tx,
    );
    await sql`
      with span as (${span})
      delete from count_map as map using span
      where map.epoch = span.epoch and map.covered >= span.first and map.covered < span.last`.execute(
      tx,
    );
  });
}
