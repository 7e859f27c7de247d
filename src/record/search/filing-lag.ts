import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

/** How far filing is behind what is on record. */
export type FilingLag = {
  /** Important batches that are not in the index yet; counted up to 10,000 for each writer. */
  batches: number;
  /** When the oldest of them was written; null when there is none. */
  oldestAt: Date | null;
};

/** Looks at what stands after each live writer's filed number, and no further than this: it is asked every few seconds. */
const MAX_COUNTED = 10_000;

/** Rounds come every second, and a dead process's missing number is waited for 15 s: longer than this is a fault, ms. */
export const FILING_BEHIND_MS = 60_000;

export async function filingLag(db: Db): Promise<FilingLag> {
  const { rows } = await sql<FilingLag>`
    select coalesce(sum(waiting.batches), 0)::int as batches, min(waiting.oldest) as "oldestAt"
    from entry_writer as writer
    cross join lateral (
      select count(*) as batches, min(at) as oldest
      from (
        select at from entry_batch
        where entry_batch.writer = writer.id and number > writer.filed_through and class = 'important'
        order by number limit ${MAX_COUNTED}
      ) as batch
    ) as waiting
    where writer.ended_at is null`.execute(db);
  return rows[0] ?? { batches: 0, oldestAt: null };
}
