import type { KeyedMac } from "../../platform/crypto/key-ring.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

export type TotpRow = { id: string; sealed_secret: Buffer };

/** The account's secret in that state. */
export async function findTotp(
  db: Db,
  accountId: string,
  state: "live" | "pending",
): Promise<(TotpRow & { created_at: Date }) | undefined> {
  return await db
    .selectFrom("totp_factor")
    .select(["id", "sealed_secret", "created_at"])
    .where("account_id", "=", accountId)
    .where("state", "=", state)
    .executeTakeFirst();
}

/** Whether the account has what finishes a sign-in by itself: an authenticator or a passkey. */
export async function hasFactor(db: Db, accountId: string): Promise<boolean> {
  if ((await findTotp(db, accountId, "live")) !== undefined) return true;
  return await hasPasskey(db, accountId);
}

export async function hasPasskey(db: Db, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom("passkey")
    .select("id")
    .where("account_id", "=", accountId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Puts a new secret in the place of one that waits. */
export async function replacePendingTotp(
  tx: Tx,
  { id, accountId, sealedSecret, now }: NewTotp,
): Promise<void> {
  await deleteTotp(tx, accountId, "pending");
  await tx
    .insertInto("totp_factor")
    .values({
      id,
      account_id: accountId,
      state: "pending",
      sealed_secret: sealedSecret,
      created_at: now,
    })
    .execute();
}

type NewTotp = { id: string; accountId: string; sealedSecret: Buffer; now: Date };

/** The waiting secret becomes the live one, in the place of the one before; its first code is used. */
export async function promotePendingTotp(
  tx: Tx,
  { id, accountId, step, now }: { id: string; accountId: string; step: number; now: Date },
): Promise<{ isReplacement: boolean }> {
  const isReplacement = await deleteTotp(tx, accountId, "live");
  await tx
    .updateTable("totp_factor")
    .set({ state: "live", last_step: step, confirmed_at: now, last_used_at: now })
    .where("id", "=", id)
    .execute();
  return { isReplacement };
}

export async function deleteTotp(
  tx: Tx,
  accountId: string,
  state?: "live" | "pending",
): Promise<boolean> {
  let statement = tx.deleteFrom("totp_factor").where("account_id", "=", accountId);
  if (state !== undefined) statement = statement.where("state", "=", state);
  const rows = await statement.returning("id").execute();
  return rows.length > 0;
}

/** Uses up a code's time step and all before it; false when one as late was used already: a code works once. */
export async function spendStep(
  tx: Tx,
  { id, step, now }: { id: string; step: number; now: Date },
): Promise<boolean> {
  const spent = await tx
    .updateTable("totp_factor")
    .set({ last_step: step, last_used_at: now })
    .where("id", "=", id)
    .where("state", "=", "live")
    .where("last_step", "<", String(step))
    .returning("id")
    .executeTakeFirst();
  return spent !== undefined;
}

/** Uses up the one recovery code that is stored as one of the candidates. */
export async function spendRecoveryCodeRow(
  tx: Tx,
  { accountId, candidates, now }: { accountId: string; candidates: KeyedMac[]; now: Date },
): Promise<"right" | "used" | "wrong"> {
  for (const { keyId, mac } of candidates) {
    const row = await tx
      .selectFrom("recovery_code")
      .select("used_at")
      .where("account_id", "=", accountId)
      .where("mac", "=", mac)
      .where("mac_key_id", "=", keyId)
      .executeTakeFirst();
    if (row === undefined) continue;
    const spent = await tx
      .updateTable("recovery_code")
      .set({ used_at: now })
      .where("account_id", "=", accountId)
      .where("mac", "=", mac)
      .where("used_at", "is", null)
      .returning("account_id")
      .executeTakeFirst();
    return spent === undefined ? "used" : "right";
  }
  return "wrong";
}

/** A new set; no code of an earlier one works any more. */
export async function replaceRecoveryCodeRows(
  tx: Tx,
  accountId: string,
  hashes: readonly KeyedMac[],
): Promise<void> {
  await tx.deleteFrom("recovery_code").where("account_id", "=", accountId).execute();
  await tx
    .insertInto("recovery_code")
    .values(hashes.map(({ keyId, mac }) => ({ account_id: accountId, mac, mac_key_id: keyId })))
    .execute();
}

/** Codes that are not used yet. */
export async function countRecoveryCodes(db: Db, accountId: string): Promise<number> {
  const { left } = await db
    .selectFrom("recovery_code")
    .select((eb) => eb.fn.countAll<string>().as("left"))
    .where("account_id", "=", accountId)
    .where("used_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(left);
}

/** What of its second factor the owner is shown. */
export async function readTotp(
  db: Db,
  accountId: string,
): Promise<{ state: string; confirmed_at: Date | null; last_used_at: Date | null }[]> {
  return await db
    .selectFrom("totp_factor")
    .select(["state", "confirmed_at", "last_used_at"])
    .where("account_id", "=", accountId)
    .execute();
}
