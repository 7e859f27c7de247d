import { classOf } from "../../contract/mails.ts";
import { isOptional } from "../../contract/notice/classes.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { deliverByMail, type Notice } from "../../platform/mail/queue-mail.ts";
import { readOff } from "../preferences/preference-queries.ts";
import { unsubscribeToken } from "../preferences/unsubscribe-token.ts";
import { toContent } from "./notice-content.ts";
import { insertInboxItems, insertNotice } from "./notice-queries.ts";
import { planDeliveries } from "./plan-deliveries.ts";

/**
 * The one path of every notice, in the transaction of what happened: the event, then one delivery for each recipient,
 * channel and address that the plan names. Rolled back, nobody hears; committed, nothing is forgotten.
 */
export async function notify(
  tx: Tx,
  ctx: Context,
  { mail, recipients, by }: Notice,
): Promise<void> {
  if (recipients.length === 0) return;
  const noticeClass = classOf(mail.kind);
  const accountIds = recipients.flatMap(({ accountId }) => accountId ?? []);
  const off = isOptional(noticeClass) ? await readOff(tx, accountIds, noticeClass) : [];
  const { inboxes, mails } = planDeliveries(recipients, { noticeClass, off, by });
  const hasOwnLink = [mail, ...recipients].some(({ token }) => token !== undefined);
  const now = ctx.now();
  const noticeId = uuidv7(now.getTime());
  await insertNotice(tx, {
    id: noticeId,
    kind: mail.kind,
    class: noticeClass,
    content: inboxes.length === 0 ? null : toContent(mail, { hasOwnLink }),
    requestId: ctx.principal.kind === "system" ? null : ctx.origin.requestId,
    now,
  });
  await insertInboxItems(tx, noticeId, inboxes);
  for (const recipient of mails) {
    const { accountId } = recipient;
    const unsubscribe =
      isOptional(noticeClass) && accountId !== undefined
        ? unsubscribeToken(ctx, { accountId, class: noticeClass })
        : undefined;
    await deliverByMail(tx, ctx, recipient, { mail, noticeId, unsubscribe });
  }
}
