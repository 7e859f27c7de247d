import { sql } from "kysely";
import type { Logger } from "pino";
import type { Db } from "../db/db.ts";
import { DEAD_AFTER_SECONDS } from "./dead-after.ts";

/** How long the row of a dead process stays for the operator to see, seconds. */
const KEEP_DEAD_SECONDS = 3_600;
/** How long a job that failed for good stays for the operator to see, days. More of them slow the queue down. */
const KEEP_FAILED_DAYS = 30;

/**
 * Gives back the jobs of processes that are gone, and those whose lock no process of the table holds, so that a living one takes them at once instead of
 * after the four hours that graphile-worker waits. If a process only seemed dead, a job runs twice:
 * jobs are made for that. With a beat each 5 s and graphile-worker's poll each 2 s, a dead worker's jobs run
 * elsewhere within 22 s.
 */
export async function releaseAbandoned(db: Db, log: Logger): Promise<void> {
  const { rows } = await sql<{ worker: string; jobs: number }>`
    select job.locked_by as worker, count(*)::int as jobs
    from graphile_worker._private_jobs job
    where job.locked_by is not null
      and job.locked_at < now() - make_interval(secs => ${DEAD_AFTER_SECONDS})
      and not exists (
        select from process
        where job.locked_by = any (process.worker_ids)
          and process.seen_at > clock_timestamp() - make_interval(secs => ${DEAD_AFTER_SECONDS}))
    group by job.locked_by`.execute(db);
  if (rows.length > 0) {
    const workers = rows.map(({ worker }) => worker);
    await sql`select graphile_worker.force_unlock_workers(${workers}::text[])`.execute(db);
    log.warn({ workers: rows }, "jobs of a process that is gone were released");
  }
  await forget(db);
}

async function forget(db: Db): Promise<void> {
  await sql`delete from process
    where seen_at < clock_timestamp() - make_interval(secs => ${KEEP_DEAD_SECONDS})`.execute(db);
  await sql`delete from graphile_worker._private_jobs
    where locked_at is null and attempts >= max_attempts
      and updated_at < now() - make_interval(days => ${KEEP_FAILED_DAYS})`.execute(db);
}
