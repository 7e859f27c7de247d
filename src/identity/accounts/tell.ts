import type { Context } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";
import { whence } from "../sessions/whence.ts";
import { recipientColumns, toRecipient } from "./recipients.ts";

/**
 * Tells people of something that touches them, in the transaction that does it, each in their own language and at
 * every address that they have proven: whoever took over one mailbox can't keep it from the other. Service accounts
 * have neither mailbox nor inbox.
 */
export async function tell(
  tx: Tx,
  ctx: Context,
  accountId: string | readonly string[],
  mail: Mail,
): Promise<void> {
  const recipients = await recipientsOf(tx, accountId);
  await ctx.ports.notify(tx, ctx, { recipients, mail: { ...mail, facts: whence(ctx) } });
}

/** Where mails to accounts go: first each one's sign-in address, then its second mailbox. */
export async function recipientsOf(
  db: Db,
  accountId: string | readonly string[],
): Promise<Recipient[]> {
  const ids = typeof accountId === "string" ? [accountId] : [...new Set(accountId)];
  if (ids.length === 0) return [];
  const people = await db
    .selectFrom("account")
    .leftJoin("backup_address as backup", "backup.account_id", "account.id")
    .select(recipientColumns)
    .select("backup.email as backup")
    .where("account.id", "in", ids)
    .where("account.kind", "=", "person")
    .orderBy("account.id")
    .execute();
  return people.flatMap(({ backup, ...row }) => {
    const recipient = toRecipient(row);
    if (recipient === null) return [];
    return backup === null ? [recipient] : [recipient, { ...recipient, to: backup }];
  });
}
