import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";
import { whence } from "../sessions/whence.ts";
import { makeLink, type LinkPurpose } from "./mail-links.ts";

export type Link = { purpose: LinkPurpose; subjectId: string; endsAt: Date };

/** One event to all these mailboxes, each mail with a link of its own. */
export async function tellWithLinks(
  tx: Tx,
  ctx: Context,
  recipients: readonly Recipient[],
  { link, mail }: { link: Link; mail: Mail },
): Promise<void> {
  const linked: Recipient[] = [];
  for (const recipient of recipients)
    linked.push({ ...recipient, token: await makeLink(tx, link) });
  await ctx.ports.notify(tx, ctx, { recipients: linked, mail: { ...mail, facts: whence(ctx) } });
}
