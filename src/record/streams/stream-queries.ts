import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { StreamFormat, StreamKind } from "../../contract/record/streams.ts";
import type { Place } from "./place.ts";
import { lagOf, NEXT_LEAF } from "./lag-queries.ts";
import type { StreamRow } from "./stream-row.ts";

/** A stream with what is told of it. */
export type StreamView = StreamRow & {
  maker: string;
  maker_left: boolean;
  dead_letters: string;
  waiting: string;
  lag_seconds: number;
};

/** Streams of these organisations; null among them stands for the operator's. */
export async function readStreams(
  db: Db,
  { owners, id, now }: { owners: readonly (string | null)[]; id?: string | undefined; now: Date },
): Promise<StreamView[]> {
  const organisations = owners.filter((owner) => owner !== null);
  const { rows } = await sql<StreamView>`
    select stream.*, account.display_name as maker,
      case when stream.organisation_id is null then not account.is_operator or account.disabled_at is not null
        else not exists (select 1 from organisation_member as member
          where member.organisation_id = stream.organisation_id and member.account_id = stream.created_by)
      end as maker_left,
      (select count(*) from log_stream_dead_letter where stream_id = stream.id) as dead_letters,
      (select coalesce(sum(greatest(0, size - case when log_epoch.epoch = stream.epoch then stream.leaf else 0 end)), 0)::bigint
        from log_epoch where log_epoch.epoch >= stream.epoch) as waiting,
      ${lagOf(now)} as lag_seconds
    from log_stream as stream
    join account on account.id = stream.created_by
    ${NEXT_LEAF}
    where (stream.organisation_id = any(${organisations}::uuid[])
        or stream.organisation_id is null and ${owners.includes(null)}::boolean)
      and (${id === undefined}::boolean or stream.id = ${id ?? NOBODY}::uuid)
    order by stream.created_at, stream.id`.execute(db);
  return rows;
}

/** RFC 9562 §5.9. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Keeps two that make a stream at once from making one too many. */
export async function lockStreams(tx: Tx, organisationId: string | null): Promise<number> {
  await sql`select pg_advisory_xact_lock(770_016, hashtext(${organisationId ?? ""}))`.execute(tx);
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from log_stream
    where organisation_id is not distinct from ${organisationId}::uuid`.execute(tx);
  return Number(rows[0]?.count);
}

export type NewStreamRow = {
  id: string;
  organisationId: string | null;
  name: string;
  kind: StreamKind;
  covers: "important" | "everything";
  format: StreamFormat;
  alarmAfterMinutes: number;
  sealed: Buffer;
  createdBy: string;
  start: Place;
  now: Date;
};

export async function insertStream(tx: Tx, row: NewStreamRow): Promise<void> {
  await sql`
    insert into log_stream (id, organisation_id, name, kind, covers, format, alarm_after_minutes, sealed,
      created_by, created_at, started_at, epoch, leaf, position)
    values (${row.id}, ${row.organisationId}, ${row.name}, ${row.kind}, ${row.covers}, ${row.format},
      ${row.alarmAfterMinutes}, ${row.sealed}, ${row.createdBy}, ${row.now}, ${row.now},
      ${row.start.epoch}, ${row.start.leaf}, ${row.start.position})`.execute(tx);
}

/** The stream as it is, kept from others until the commit; undefined when it is not this owner's. */
export async function lockStream(
  tx: Tx,
  { id, organisationId }: { id: string; organisationId: string | null },
): Promise<StreamRow | undefined> {
  const { rows } = await sql<StreamRow>`
    select * from log_stream
    where id = ${id} and organisation_id is not distinct from ${organisationId}::uuid
    for update`.execute(tx);
  return rows[0];
}

export type StreamChangeRow = Pick<
  StreamRow,
  "id" | "name" | "covers" | "format" | "alarm_after_minutes" | "sealed"
>;

/** Whoever sends it now can note nothing more: it is taken again, as it is then, at once. */
export async function updateStream(tx: Tx, row: StreamChangeRow): Promise<void> {
  await sql`
    update log_stream set name = ${row.name}, covers = ${row.covers}, format = ${row.format},
      alarm_after_minutes = ${row.alarm_after_minutes}, sealed = ${row.sealed},
      failures = 0, next_try_at = null, lease = null, leased_until = null
    where id = ${row.id}`.execute(tx);
}

export async function setStreamState(
  tx: Tx,
  id: string,
  { state, now }: { state: "on" | "paused"; now: Date },
): Promise<void> {
  await sql`
    update log_stream set state = ${state}, failures = 0, refusals = 0, next_try_at = null, alarmed_at = null,
      started_at = case when ${state} = 'on' then ${now}::timestamptz else started_at end,
      lease = null, leased_until = null
    where id = ${id}`.execute(tx);
}

/** The stream begins again at a place of the log. */
export async function moveCursor(
  tx: Tx,
  id: string,
  { place, now }: { place: Place; now: Date },
): Promise<void> {
  await sql`
    update log_stream set epoch = ${place.epoch}, leaf = ${place.leaf}, position = ${place.position},
      parcel_epoch = null, parcel_leaf = null, parcel_position = null, started_at = ${now},
      failures = 0, refusals = 0, next_try_at = null, lease = null, leased_until = null
    where id = ${id}`.execute(tx);
}

export async function deleteStreamRow(tx: Tx, id: string): Promise<void> {
  await sql`delete from log_stream where id = ${id}`.execute(tx);
}
