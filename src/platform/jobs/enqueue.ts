import { sql } from "kysely";
import { jobs, type JobName, type JobPayload } from "../../contract/jobs.ts";
import type { Tx } from "../db/db.ts";

/** The contract's table, seen so that a name and its payload stay together. */
const contracts: {
  [Name in JobName]: { maxAttempts: number; keyOf(payload: JobPayload<Name>): string };
} = jobs;

/** Queues a job in the caller's transaction, so it exists exactly when the change it follows exists. */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayload<Name>,
  { runAt }: { runAt?: Date } = {},
): Promise<void> {
  const contract = contracts[name];
  await sql`select enqueue_job(${name}, ${JSON.stringify(payload)}::json, ${`${name}:${contract.keyOf(payload as never)}`},
    ${contract.maxAttempts}::int, ${runAt ?? null}::timestamptz)`.execute(tx);
}
