import type { Db, Tx } from "../../platform/db/db.ts";

export async function insertReset(
  tx: Tx,
  reset: { id: string; accountId: string; now: Date; endsAt: Date },
): Promise<void> {
  await tx
    .insertInto("password_reset")
    .values({
      id: reset.id,
      account_id: reset.accountId,
      asked_at: reset.now,
      ends_at: reset.endsAt,
    })
    .execute();
}

/** Whose password may be chosen anew; looking does not spend it. */
export async function findReset(
  db: Db,
  { id, now }: { id: string; now: Date },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("password_reset")
    .innerJoin("account", "account.id", "password_reset.account_id")
    .select("account.id")
    .where("password_reset.id", "=", id)
    .where("password_reset.ends_at", ">", now)
    .where("account.disabled_at", "is", null)
    .executeTakeFirst();
  return row?.id;
}

/** Spends it: of any number of calls at once exactly one does. */
export async function spendReset(tx: Tx, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const spent = await tx
    .deleteFrom("password_reset")
    .where("id", "=", id)
    .where("ends_at", ">", now)
    .returning("id")
    .executeTakeFirst();
  return spent !== undefined;
}

/** The account's other links to a new password are dead: one was chosen, or its mailboxes changed. */
export async function endResets(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom("password_reset").where("account_id", "=", accountId).execute();
}
