import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

export type StreamLag = {
  id: string;
  organisation_id: string | null;
  name: string;
  alarm_after_minutes: number;
  alarmed_at: Date | null;
  /** How long the oldest leaf has waited that was not looked at, or not sent; 0: none waits. */
  lagSeconds: number;
  isLate: boolean;
};

/** Joins the first leaf that a stream has not dealt with; none: it is at the log's end. */
export const NEXT_LEAF = sql`
  left join lateral (
    select taken_at from log_leaf join log_epoch using (epoch)
    where (log_leaf.epoch, index) >= (stream.epoch, stream.leaf) and index < log_epoch.size
    order by log_leaf.epoch, index limit 1
  ) as next on true`;

/** How long that leaf has waited, or, where it is older, how long since the stream was told to begin there. */
export const lagOf = (now: Date) => sql<number>`
  case when next.taken_at is null then 0
    else greatest(0, extract(epoch from ${now}::timestamptz - greatest(stream.started_at, next.taken_at)))
  end::float8`;

/**
 * How far each stream is behind that should go on. It is told from the log itself, so a stream shows as behind also
 * when no process sends anything.
 */
export async function readLags(db: Db, now: Date): Promise<StreamLag[]> {
  const { rows } = await sql<Omit<StreamLag, "isLate">>`
    select stream.id, stream.organisation_id, stream.name, stream.alarm_after_minutes, stream.alarmed_at,
      ${lagOf(now)} as "lagSeconds"
    from log_stream as stream ${NEXT_LEAF}
    where stream.state = 'on' order by stream.id`.execute(db);
  return rows.map((row) => ({ ...row, isLate: row.lagSeconds > row.alarm_after_minutes * 60 }));
}

export type StreamState = {
  /** Names of those that are behind by more than their own bound. */
  behind: string[];
  /** The one that is furthest behind. */
  longestLagSeconds: number;
  deadLetters: number;
  /** Names of those that have some. */
  refused: string[];
};

/** How all streams of the installation stand. */
export async function streamState(db: Db, now: Date): Promise<StreamState> {
  const lags = await readLags(db, now);
  const { rows } = await sql<{ name: string; count: string }>`
    select stream.name, count(*) as count from log_stream_dead_letter as letter
    join log_stream as stream on stream.id = letter.stream_id
    group by stream.id, stream.name order by stream.name`.execute(db);
  return {
    behind: lags.filter(({ isLate }) => isLate).map(({ name }) => name),
    longestLagSeconds: Math.max(0, ...lags.map(({ lagSeconds }) => lagSeconds)),
    deadLetters: rows.reduce((sum, { count }) => sum + Number(count), 0),
    refused: rows.map(({ name }) => name),
  };
}
