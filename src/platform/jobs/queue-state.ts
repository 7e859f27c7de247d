import { sql } from "kysely";
import type { Db } from "../db/db.ts";

export type QueueState = {
  /** Waiting for their time or for a worker. */
  queued: number;
  running: number;
  /** Failed for good: nobody tries them again. */
  failed: number;
  /** When the oldest that could run now was due; null when none waits. */
  oldestDueAt: Date | null;
};

/** How the queue stands. Counts the whole table: for a person or a scrape, not for a request. */
export async function queueState(db: Db): Promise<QueueState> {
  const { rows } = await sql<QueueState>`
    select
      count(*) filter (where locked_at is null and attempts < max_attempts)::int as queued,
      count(*) filter (where locked_at is not null)::int as running,
      count(*) filter (where locked_at is null and attempts >= max_attempts)::int as failed,
      min(run_at) filter (where locked_at is null and attempts < max_attempts and run_at <= now()) as "oldestDueAt"
    from graphile_worker.jobs`.execute(db);
  const [state] = rows;
  if (state === undefined) throw new Error("an aggregate without group by returns one row");
  return state;
}

export type FailedJob = {
  id: string;
  name: string;
  attempts: number;
  /** The last error's message. May name an address that a mail server refused. */
  error: string | null;
  queuedAt: Date;
  failedAt: Date;
};

/** Jobs that failed for good, newest first. */
export async function failedJobs(db: Db, { limit = 100 } = {}): Promise<FailedJob[]> {
  const { rows } = await sql<FailedJob>`
    select id::text, task_identifier as name, attempts, last_error as error,
      created_at as "queuedAt", updated_at as "failedAt"
    from graphile_worker.jobs
    where locked_at is null and attempts >= max_attempts
    order by updated_at desc, id desc
    limit ${limit}`.execute(db);
  return rows;
}
