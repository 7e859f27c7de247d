import { sql } from "kysely";
import type { Context } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { orBusy } from "../throttling/or-busy.ts";

const DAY_MS = 86_400_000;

/**
 * Passwords remembered of one account: each costs the work of a sign-in when another is chosen. Of more than
 * these the ones used for the shortest time are forgotten, so that nobody gets an old one back by changing it
 * again and again.
 */
export const MAX_RETIRED = 24;

/** Whether the password was the account's, and was replaced within so many days. */
export async function wasUsedWithin(
  ctx: Context,
  { accountId, days }: { accountId: string; days: number },
  password: string,
): Promise<boolean> {
  const since = new Date(ctx.now().getTime() - days * DAY_MS);
  for (const hash of await listRetired(ctx.db, { accountId, since }))
    // One after the other: others who sign in take their turn between.
    if (await orBusy(ctx.passwords.verify(hash, password))) return true;
  return false;
}

async function listRetired(
  db: Db,
  { accountId, since }: { accountId: string; since: Date },
): Promise<string[]> {
  const rows = await db
    .selectFrom("retired_password")
    .select("password_hash")
    .where("account_id", "=", accountId)
    .where("replaced_at", ">", since)
    .orderBy("replaced_at", "desc")
    .limit(MAX_RETIRED)
    .execute();
  return rows.map((row) => row.password_hash);
}

/** Remembers a password that was replaced just now. */
export async function retirePassword(
  tx: Tx,
  retired: { accountId: string; passwordHash: string; usedSince: Date; replacedAt: Date },
): Promise<void> {
  await tx
    .insertInto("retired_password")
    .values({
      account_id: retired.accountId,
      password_hash: retired.passwordHash,
      used_since: retired.usedSince,
      replaced_at: retired.replacedAt,
    })
    .execute();
  await sql`
    delete from retired_password where account_id = ${retired.accountId} and replaced_at in (
      select replaced_at from retired_password where account_id = ${retired.accountId}
      order by replaced_at - used_since desc, replaced_at offset ${MAX_RETIRED}::int)`.execute(tx);
}

/** Forgets what was replaced before; all of it, where no rule asks for it any more. */
export async function forgetRetired(
  tx: Db,
  { accountId, before }: { accountId: string; before: Date | null },
): Promise<void> {
  let deletion = tx.deleteFrom("retired_password").where("account_id", "=", accountId);
  if (before !== null) deletion = deletion.where("replaced_at", "<=", before);
  await deletion.execute();
}
