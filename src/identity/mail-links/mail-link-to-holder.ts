import type { Action } from "../../contract/actions.ts";
import type { Context } from "../../context.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, findCredentials } from "../accounts/account-queries.ts";
import { requireEmail } from "../accounts/email-address.ts";
import { readerOf } from "../accounts/reader.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { requireAllowances } from "../throttling/allowance.ts";
import { LINK_ALLOWANCE, MAIL_CAP } from "../throttling/limits.ts";
import { takeInWindow } from "../throttling/window.ts";
import { makeLink, type LinkPurpose } from "./mail-links.ts";
import { tellWithLinks } from "./tell-with-links.ts";

type Asked = {
  /** As a stranger typed it. */
  email: string;
  acceptLanguage: string | undefined;
  action: Action;
  link: { purpose: LinkPurpose; endsAt: Date };
  mail: Mail;
  /** What the link is about. Null where nobody signs in with the address: its link is never sent. */
  subjectOf: (tx: Tx, accountId: string | null) => Promise<string>;
};

/**
 * Mails a link to whoever signs in with an address, at all their addresses. Where nobody does, the address alone
 * hears that. Nothing in answer, time or traces tells which it was (T28): a link is made and a mail queued either way.
 *
 * @throws {ProblemError} `invalid-request` at /email; `too-many-requests`.
 */
export async function mailLinkToHolder(ctx: Context, asked: Asked): Promise<void> {
  const address = requireEmail(asked.email);
  await requireAllowances(ctx, [
    { allowance: LINK_ALLOWANCE, subject: networkOf(ctx.origin.address) },
  ]);
  await change(ctx, {}, async (tx) => {
    const holder = await findCredentials(tx, address.emailKey);
    const isOpen = holder !== undefined && holder.is_proven && holder.disabled_at === null;
    if (await takeInWindow(tx, ctx, MAIL_CAP, address.emailKey))
      await mailAll(tx, ctx, {
        ...asked,
        email: address.email,
        holderId: isOpen ? holder.id : null,
      });
    await record(tx, ctx, {
      action: asked.action,
      targets: holder === undefined ? [] : [accountTarget(holder.id)],
    });
  });
}

async function mailAll(
  tx: Tx,
  ctx: Context,
  { holderId, link, ...asked }: Asked & { holderId: string | null },
): Promise<void> {
  const subjectId = await asked.subjectOf(tx, holderId);
  const recipients = holderId === null ? [] : await recipientsOf(tx, holderId);
  if (recipients.length > 0)
    return await tellWithLinks(tx, ctx, recipients, {
      link: { ...link, subjectId },
      mail: asked.mail,
    });
  // Of as much work as the other way: its link is sent to nobody.
  await makeLink(tx, { ...link, subjectId });
  const reader = readerOf({}, asked.acceptLanguage);
  const mail: Mail = { kind: "no-account-here", values: {}, lines: ["what", "other"] };
  await queueMail(tx, ctx, { to: asked.email, name: "", ...reader }, mail);
}
