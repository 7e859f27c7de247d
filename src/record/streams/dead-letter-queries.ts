import { sql } from "kysely";
import type { StreamFault } from "../../contract/failures.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { Place } from "./place.ts";
import { faultText } from "./stream-row.ts";

export type DeadLetterRow = {
  id: string;
  epoch: number;
  leaf: string;
  position: number;
  fault: string;
  at: Date;
  retry_at: Date | null;
};

/** Remembers where an entry stands that was refused for good; a second time changes nothing but the time. */
export async function putDeadLetter(
  db: Db,
  streamId: string,
  { place, fault, now }: { place: Place; fault: StreamFault; now: Date },
): Promise<void> {
  await sql`
    insert into log_stream_dead_letter (stream_id, epoch, leaf, position, fault, at)
    values (${streamId}, ${place.epoch}, ${place.leaf}, ${place.position}, ${faultText(fault)}, ${now})
    on conflict (stream_id, epoch, leaf, position) do update
      set fault = excluded.fault, at = excluded.at, retry_at = null`.execute(db);
}

export async function countDeadLetters(db: Db, streamId: string): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from log_stream_dead_letter where stream_id = ${streamId}`.execute(db);
  return Number(rows[0]?.count);
}

/** Oldest first. */
export async function listDeadLetters(
  db: Db,
  streamId: string,
  limit: number,
): Promise<(DeadLetterRow & { entry: string | null })[]> {
  const { rows } = await sql<DeadLetterRow & { entry: string | null }>`
    select letter.id, letter.epoch, letter.leaf, letter.position, letter.fault, letter.at, letter.retry_at,
      to_char(batch.day, 'YYYYMMDD') || '-' || batch.writer || '-' || batch.number || '-' || letter.position as entry
    from log_stream_dead_letter as letter
    left join log_leaf on log_leaf.epoch = letter.epoch and log_leaf.index = letter.leaf
    left join entry_batch as batch on batch.writer = log_leaf.writer and batch.number = log_leaf.number
    where letter.stream_id = ${streamId} order by letter.id limit ${limit}`.execute(db);
  return rows;
}

/** Asks for entries to be sent again. @returns how many. */
export async function askRetry(
  tx: Tx,
  streamId: string,
  { ids, now }: { ids: readonly string[] | undefined; now: Date },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update log_stream_dead_letter set retry_at = ${now}
    where stream_id = ${streamId} and (${ids === undefined}::boolean or id = any(${ids ?? []}::bigint[]))`.execute(
    tx,
  );
  return Number(numAffectedRows);
}

/** The next that is to be sent again. */
export async function nextRetry(db: Db, streamId: string): Promise<DeadLetterRow | undefined> {
  const { rows } = await sql<DeadLetterRow>`
    select id, epoch, leaf, position, fault, at, retry_at from log_stream_dead_letter
    where stream_id = ${streamId} and retry_at is not null order by id limit 1`.execute(db);
  return rows[0];
}

export async function dropDeadLetter(db: Db, id: string): Promise<void> {
  await sql`delete from log_stream_dead_letter where id = ${id}::bigint`.execute(db);
}
