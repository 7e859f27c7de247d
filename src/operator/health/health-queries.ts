import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import { DEAD_AFTER_SECONDS } from "../../platform/jobs/dead-after.ts";

export async function readDatabase(db: Db): Promise<{ version: string; sizeBytes: number }> {
  const { rows } = await sql<{ version: string; size: string }>`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::text as size`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("a select without a table returns one row");
  return { version: row.version, sizeBytes: Number(row.size) };
}

export type ProcessRow = {
  id: string;
  roles: string[];
  startedAt: Date;
  seenAt: Date;
  isAlive: boolean;
};

/** Judged by PostgreSQL's clock, which the processes write too. */
export async function listProcesses(db: Db): Promise<ProcessRow[]> {
  const { rows } = await sql<ProcessRow>`
    select id, roles, started_at as "startedAt", seen_at as "seenAt",
      seen_at > clock_timestamp() - make_interval(secs => ${DEAD_AFTER_SECONDS}) as "isAlive"
    from process order by started_at, id limit 200`.execute(db);
  return rows;
}

/** False when no job of this id has failed for good. */
export async function retryFailedJob(tx: Tx, jobId: string): Promise<boolean> {
  const { rows } = await sql<{ retried: boolean }>`
    select retry_failed_job(${jobId}::bigint) as retried`.execute(tx);
  return rows[0]?.retried ?? false;
}
