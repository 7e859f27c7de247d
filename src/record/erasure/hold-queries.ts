import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
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

export type HoldRow = {
  id: string;
  organisation_id: string | null;
  account_id: string | null;
  from_at: Date | null;
  to_at: Date | null;
  until: Date | null;
  reason: string;
  placed_by: string;
  is_operators: boolean;
  placed_at: Date;
};

export async function insertHold(tx: Tx, hold: HoldRow): Promise<void> {
  await tx.insertInto("legal_hold").values(hold).execute();
}

/** More are not shown. */
const HOLDS_SHOWN = 500;

/** What is held now, newest first: of one organisation, or all that operators placed. */
export async function listHolds(
  db: Db,
  { organisationId, now }: { organisationId: string | null; now: Date },
): Promise<(HoldRow & { display_name: string })[]> {
  return await db
    .selectFrom("legal_hold as hold")
    .innerJoin("account", "account.id", "hold.placed_by")
    .selectAll("hold")
    .select("account.display_name")
    .where((eb) =>
      organisationId === null
        ? eb("hold.is_operators", "=", true)
        : eb("hold.organisation_id", "=", organisationId),
    )
    .where("hold.released_at", "is", null)
    .where((eb) => eb.or([eb("hold.until", "is", null), eb("hold.until", ">", now)]))
    .orderBy("hold.placed_at", "desc")
    .limit(HOLDS_SHOWN)
    .execute();
}

/** Ends a hold; an operator's by operators alone. @returns undefined when there is no such hold. */
export async function releaseHoldRow(
  tx: Tx,
  given: { holdId: string; organisationId: string | null; accountId: string; now: Date },
): Promise<HoldRow | undefined> {
  const { holdId, organisationId, accountId, now } = given;
  return await tx
    .updateTable("legal_hold")
    .set({ released_at: now, released_by: accountId })
    .where("id", "=", holdId)
    .where((eb) =>
      organisationId === null
        ? eb("is_operators", "=", true)
        : eb.and([eb("organisation_id", "=", organisationId), eb("is_operators", "=", false)]),
    )
    .where("released_at", "is", null)
    .returningAll()
    .executeTakeFirst();
}
