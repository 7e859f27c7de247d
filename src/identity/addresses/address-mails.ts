import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import type { Recipient } from "../../platform/mail/queue-mail.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { tellWithLinks } from "../mail-links/tell-with-links.ts";
import { whence } from "../sessions/whence.ts";
import type { AddressKind } from "./address-queries.ts";

/*
 * None of these mails names an address: neither does the old mailbox learn the new address, nor a mailbox that
 * somebody else reads by now which others there are.
 */

export const confirmNewAddressMail = (
  kind: AddressKind,
  { token, hours }: { token: string; hours: number },
): Mail => ({
  kind: "confirm-new-address",
  values: { hours },
  lines: [kind === "sign-in" ? "signIn" : "backup", "link"],
  token,
});

/** To an address that has an account of its own: it can't become another's. */
export const addressInUseMail = (): Mail => ({
  kind: "address-in-use",
  values: {},
  lines: ["what"],
});

type Undoing = { changeId: string; undoEndsAt: Date };

/** To every address of before, each with a link of its own that stops the change or takes it back. */
export async function mailWithUndo(
  tx: Tx,
  ctx: Context,
  recipients: readonly Recipient[],
  {
    changeId,
    undoEndsAt,
    kind,
  }: Undoing & { kind: "sign-in-address-asked" | "sign-in-address-changed" },
): Promise<void> {
  await tellWithLinks(tx, ctx, recipients, {
    link: { purpose: "undo-address", subjectId: changeId, endsAt: undoEndsAt },
    mail: { kind, values: { endsAt: undoEndsAt }, lines: ["what", "undo"] },
  });
}

export async function mailTo(
  tx: Tx,
  ctx: Context,
  recipients: readonly Recipient[],
  mail: Mail,
): Promise<void> {
  await ctx.ports.notify(tx, ctx, { recipients, mail: { ...mail, facts: whence(ctx) } });
}

/** The account's holder at another address than theirs. */
export async function holderAt(tx: Tx, accountId: string, to: string): Promise<Recipient> {
  const [holder] = await recipientsOf(tx, accountId);
  if (holder === undefined) throw new Error("the account of a change of address is a person's");
  return { ...holder, to };
}

/** Each address once: the same mailbox may be told as one of before and one of after. */
export function onceEach(recipients: readonly Recipient[]): Recipient[] {
  return [...new Map(recipients.map((recipient) => [recipient.to, recipient])).values()];
}
