import type { Context } from "../../context.ts";
import type { EmailAddress } from "../../identity/accounts/email-address.ts";
import { recipientAt } from "../../identity/accounts/recipients.ts";
import { recipientsOf } from "../../identity/accounts/tell.ts";
import { takeInWindow, type WindowCap } from "../../identity/throttling/window.ts";
import type { Tx } from "../../platform/db/db.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { ProblemError } from "../../problem-error.ts";
import { callerOf } from "./app-access.ts";

const HOUR_MS = 3_600_000;

/** Links that one account has mailed to one mailbox: nobody who shares comes near, and nobody's mailbox is flooded. */
const TO_ONE_MAILBOX: WindowCap = { name: "links-to-mailbox", max: 100, windowMs: HOUR_MS };

/**
 * Mails a link to an address that the caller chose, which may be a stranger's: then it speaks the caller's
 * language, else that of the address's own account, which only its mailbox shows. Invitations and offers
 * count together, cancelled and replaced ones too.
 *
 * @throws {ProblemError} `too-many-requests`
 */
export async function mailLink(
  tx: Tx,
  ctx: Context,
  { email, emailKey }: EmailAddress,
  mail: Mail,
): Promise<void> {
  if (!(await takeInWindow(tx, ctx, TO_ONE_MAILBOX, `${callerOf(ctx)}\0${emailKey}`)))
    throw new ProblemError("too-many-requests", { retryAfterSeconds: HOUR_MS / 1000 });
  const holder = await recipientAt(tx, emailKey);
  const [sender] = await recipientsOf(tx, callerOf(ctx));
  if (sender === undefined) throw new Error("whoever mails a link is a person");
  const { language, timeZone } = holder ?? { language: sender.language, timeZone: null };
  await queueMail(tx, ctx, { to: email, name: "", language, timeZone }, mail);
}
