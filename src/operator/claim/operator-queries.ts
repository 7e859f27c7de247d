import type { Db, Tx } from "../../platform/db/db.ts";

/** Spends the first start's link: of any number of calls at once exactly one gets true. */
export async function spendClaim(
  tx: Tx,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<boolean> {
  const spent = await tx
    .updateTable("installation")
    .set({ claimed_at: now, claim_hash: null, claim_ends_at: null })
    .where("claim_hash", "=", tokenHash)
    .where("claim_ends_at", ">", now)
    .where("claimed_at", "is", null)
    .returning("only_row")
    .executeTakeFirst();
  return spent !== undefined;
}

/** There is an operator now, so the first start's link is nobody's. */
export async function closeClaim(tx: Tx, now: Date): Promise<void> {
  await tx
    .updateTable("installation")
    .set({ claimed_at: now, claim_hash: null, claim_ends_at: null })
    .where("claimed_at", "is", null)
    .execute();
}

export type Candidate = { id: string; email: string; displayName: string; isOperator: boolean };

/** A person who can become operator: enabled, with a proven address. */
export async function findCandidate(
  db: Db,
  by: { accountId: string } | { emailKey: string },
): Promise<Candidate | undefined> {
  const row = await db
    .selectFrom("account")
    .select(["id", "email", "display_name", "is_operator"])
    .where((eb) =>
      "accountId" in by ? eb("id", "=", by.accountId) : eb("email_key", "=", by.emailKey),
    )
    .where("kind", "=", "person")
    .where("is_proven", "=", true)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined || row.email === null) return undefined;
  const { id, email, display_name: displayName, is_operator: isOperator } = row;
  return { id, email, displayName, isOperator };
}

/** Makes somebody operator. False when they are one already, or were disabled meanwhile. */
export async function makeOperator(tx: Tx, accountId: string): Promise<boolean> {
  const made = await tx
    .updateTable("account")
    .set({ is_operator: true })
    .where("id", "=", accountId)
    .where("is_operator", "=", false)
    .where("disabled_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return made !== undefined;
}

/** Everybody who is operator now and enabled. */
export async function listOperators(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("account")
    .select("id")
    .where("is_operator", "=", true)
    .where("disabled_at", "is", null)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
