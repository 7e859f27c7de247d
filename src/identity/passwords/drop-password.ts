import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { findPassword } from "./password-queries.ts";
import { endResets } from "./reset-queries.ts";
import { retirePassword } from "./retired-passwords.ts";

/**
 * Takes the account's password away: nobody signs in with it, until another was chosen by a link to its mailbox.
 * What organisations ask of reuse goes on to hold for it.
 */
export async function dropPassword(tx: Tx, ctx: Context, accountId: string): Promise<void> {
  const now = ctx.now();
  await endResets(tx, accountId);
  const { passwordHash, changedAt } = await findPassword(tx, accountId);
  if (passwordHash === null) return;
  const account = { accountId, changedAt, distrustedAt: null, now };
  const { reuseDays } = await ctx.ports.passwordRules(tx, account);
  if (reuseDays !== null)
    await retirePassword(tx, {
      accountId,
      passwordHash,
      usedSince: changedAt ?? now,
      replacedAt: now,
    });
  await tx
    .updateTable("account")
    .set({ password_hash: null, password_changed_at: null })
    .where("id", "=", accountId)
    .execute();
}
