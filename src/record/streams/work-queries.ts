import { sql, type RawBuilder } from "kysely";
import type { StreamFault } from "../../contract/failures.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { Place } from "./place.ts";
import { faultText, type StreamRow } from "./stream-row.ts";

/** A stream that this process sends now. What it notes counts only while nobody has taken the stream over. */
export type Held = { row: StreamRow; lease: string };

/** Longer than a parcel's patience, ms: a process that lives never loses its stream in the middle of one. */
const LEASE_MS = 45_000;

const HAS_NEWS: RawBuilder<boolean> = sql`(
  stream.parcel_epoch is not null
  or exists (
    select 1 from log_leaf join log_epoch using (epoch)
    where (log_leaf.epoch, index) >= (stream.epoch, stream.leaf) and index < log_epoch.size
  )
  or exists (select 1 from log_stream_dead_letter where stream_id = stream.id and retry_at is not null)
)`;

/** Takes one stream that has something to send and that nobody sends; undefined when there is none. */
export async function takeStream(
  db: Db,
  { lease, now }: { lease: string; now: Date },
): Promise<Held | undefined> {
  const { rows } = await sql<StreamRow>`
    update log_stream set lease = ${lease}, leased_until = ${later(now)}
    where id = (
      select id from log_stream as stream
      where state = 'on' and (leased_until is null or leased_until <= ${now})
        and (next_try_at is null or next_try_at <= ${now}) and ${HAS_NEWS}
      order by next_try_at nulls first, delivered_at nulls first, id
      for update skip locked limit 1
    )
    returning *`.execute(db);
  const [row] = rows;
  return row && { row, lease };
}

const later = (now: Date): Date => new Date(now.getTime() + LEASE_MS);

/** Decides how far the parcel reaches that is about to be tried. Null: another process has the stream now. */
export async function beginParcel(
  db: Db,
  held: Held,
  { to, now }: { to: Place; now: Date },
): Promise<Held | null> {
  return await note(
    db,
    held,
    sql`parcel_epoch = ${to.epoch}, parcel_leaf = ${to.leaf}, parcel_position = ${to.position},
      leased_until = ${later(now)}`,
  );
}

/** All entries before `to` are where they belong. `count`: those that a receiver took. */
export async function advance(
  db: Db,
  held: Held,
  { to, count, now }: { to: Place; count: number; now: Date },
): Promise<Held | null> {
  return await note(
    db,
    held,
    sql`epoch = ${to.epoch}, leaf = ${to.leaf}, position = ${to.position},
      parcel_epoch = null, parcel_leaf = null, parcel_position = null,
      failures = 0, refusals = 0, next_try_at = null, fault = null, fault_at = null,
      delivered_at = case when ${count}::int > 0 then ${now}::timestamptz else delivered_at end,
      delivered_entries = delivered_entries + ${count}, leased_until = ${later(now)}`,
  );
}

/** A try came to nothing: the stream rests. */
export async function noteFailure(
  db: Db,
  held: Held,
  given: { fault: StreamFault; isRefusal: boolean; nextTryAt: Date; now: Date },
): Promise<Held | null> {
  const { fault, isRefusal, nextTryAt, now } = given;
  return await note(
    db,
    held,
    sql`failures = failures + 1, refusals = case when ${isRefusal}::boolean then refusals + 1 else 0 end,
      fault = ${faultText(fault)}, fault_at = ${now}, next_try_at = ${nextTryAt},
      lease = null, leased_until = null`,
  );
}

/** Until then there is nothing to do: an object is not full yet. */
export async function restUntil(db: Db, held: Held, at: Date | null): Promise<void> {
  await note(db, held, sql`next_try_at = ${at}, lease = null, leased_until = null`);
}

/** What a receiver that is gone gets no more of, until somebody resumes the stream. */
export async function stopStream(
  tx: Tx,
  held: Held,
  { fault, now }: { fault: StreamFault; now: Date },
): Promise<Held | null> {
  return await note(
    tx,
    held,
    sql`state = 'stopped', fault = ${faultText(fault)}, fault_at = ${now}, next_try_at = null,
      failures = failures + 1, alarmed_at = null, lease = null, leased_until = null`,
  );
}

async function note(db: Db, { row, lease }: Held, set: RawBuilder<unknown>): Promise<Held | null> {
  const { rows } = await sql<StreamRow>`
    update log_stream set ${set} where id = ${row.id} and lease = ${lease}
    returning *`.execute(db);
  const [after] = rows;
  return after === undefined ? null : { row: after, lease };
}
