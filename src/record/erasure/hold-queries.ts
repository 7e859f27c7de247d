import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import type { HeldSpan } from "./plan.ts";

/** What is held at this moment. */
export async function readHeld(db: Db, now: Date): Promise<HeldSpan[]> {
  const { rows } = await sql<{
    organisation: string | null;
    account: string | null;
    from: Date | null;
    to: Date | null;
  }>`
    select organisation_id as organisation, account_id as account, from_at as "from", to_at as "to"
    from legal_hold
    where released_at is null and (until is null or until > ${now}::timestamptz)
    order by id`.execute(db);
  return rows.map(({ organisation, account, from, to }) => ({
    organisation,
    account,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  }));
}
