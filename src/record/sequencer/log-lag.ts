import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

/** Rounds come every second; longer than this is a fault, ms. */
export const LOG_BEHIND_MS = 60_000;

export type LogLag = {
  /** When the oldest batch was written that no signed checkpoint covers yet; null when all are covered. */
  oldestAt: Date | null;
  /** When the log was signed last; null before the first time. */
  signedAt: Date | null;
  /** Names of the witnesses that did not sign when they were asked last, a short while ago. */
  failingWitnesses: string[];
};

/** A witness is asked again within a minute while there is news; what failed long before is no news. */
const FAILED_LATELY = "10 minutes";

export async function logLag(db: Db): Promise<LogLag> {
  const { rows } = await sql<LogLag>`
    select min(at) as "oldestAt", (select max(signed_at) from log_epoch) as "signedAt",
      array(
        select name from log_witness
        where epoch = (select max(epoch) from log_epoch)
          and fault_at > clock_timestamp() - ${FAILED_LATELY}::interval
        order by name
      ) as "failingWitnesses"
    from (
      select waiting.at from entry_writer as writer
      cross join lateral (
        select at from entry_batch
        where entry_batch.writer = writer.id and number > writer.sequenced_through
        order by number limit 1
      ) as waiting
      where writer.ended_at is null
      union all
      select leaf.taken_at from log_epoch as epoch
      join log_leaf as leaf on leaf.epoch = epoch.epoch and leaf.index = epoch.checkpoint_size
      where epoch.epoch = (select max(epoch) from log_epoch)
    ) as uncovered`.execute(db);
  return rows[0] ?? { oldestAt: null, signedAt: null, failingWitnesses: [] };
}
