import type { Context, Services } from "../../context.ts";
import type { MailKind } from "../../contract/mails.ts";
import type { Channel } from "../../contract/notice/classes.ts";
import type { Language } from "../../contract/languages.ts";
import { readBranding } from "../branding/branding-queries.ts";
import { seal } from "../crypto/seal.ts";
import type { Tx } from "../db/db.ts";
import { enqueue } from "../jobs/enqueue.ts";
import { composeMail, type Mail, type MailFacts } from "./compose-mail.ts";
import { frameOf } from "./mail-language.ts";
import { readWording } from "./mail-text-queries.ts";
import { renderMail, type RenderedMail } from "./render-mail.ts";

export type StoredMail = RenderedMail & {
  to: string;
  /** Null for what no kind stands for: a test that an operator sends themselves. */
  kind: MailKind | null;
  /** Ends mails of this class to this account; none for those that nobody can switch off. */
  unsubscribe?: string;
};

/** Who a mail is for: where it goes, and whose language and clock it speaks. */
export type Recipient = {
  to: string;
  /** What a person's account is called; empty for an address that no account is known for. */
  name: string;
  language: Language;
  /** IANA name; null: UTC. */
  timeZone: string | null;
  /** Whose address it is; without it the notice is a mail alone, and stands in no inbox. */
  accountId?: string | undefined;
  /** Of the link in their own mail, where each has another. */
  token?: string;
};

type ToldMail = Mail & { facts?: Omit<MailFacts, "when"> };

/** One event that people are told of: its kind says what class of notice it is. */
export type Notice = {
  mail: ToldMail;
  recipients: readonly Recipient[];
  /** Only by these, where a channel itself is tried. */
  by?: readonly Channel[];
};

/** What a mail is bound to, so that it opens as nothing else. */
export const MAIL_SEAL = "outgoing-mail";

type Sending = Pick<Services, "config" | "keyRing" | "clock">;

/** Tells one recipient of something, in the caller's transaction, by the one path of every notice. */
export async function queueMail(
  tx: Tx,
  ctx: Context,
  recipient: Recipient,
  mail: ToldMail,
): Promise<void> {
  await ctx.ports.notify(tx, ctx, { mail, recipients: [recipient] });
}

/** Whose delivery a mail is, of what. */
export type MailDelivery = { noticeId: string; accountId: string | undefined };

/**
 * The channel e-mail: a delivery in the caller's transaction, in the recipient's language and the operator's words
 * and looks. It is sent by a job once the transaction is committed; without SALLYPORT_SMTP_URL it stays in the sandbox.
 */
export async function deliverByMail(
  tx: Tx,
  services: Sending,
  { to, accountId, token, ...reader }: Recipient,
  {
    mail: { facts, ...mail },
    noticeId,
    unsubscribe,
  }: { mail: ToldMail; noticeId: string; unsubscribe?: string | undefined },
): Promise<void> {
  const branding = await readBranding(tx);
  const { language } = reader;
  const composed = composeMail(token === undefined ? mail : ({ ...mail, token } as Mail), {
    reader: { ...reader, timeZone: reader.timeZone ?? "UTC" },
    wording: await readWording(tx, mail.kind, language),
    facts: { when: services.clock.now(), ...facts },
    product: branding.name || frameOf(language).nameless,
  });
  const rendered = renderMail(composed, { ...services.config, branding, unsubscribe });
  const stored = { to, kind: mail.kind, ...rendered, ...(unsubscribe && { unsubscribe }) };
  await queueRendered(tx, services, stored, { noticeId, accountId });
}

/** Queues what is worded already. Sealed, because its links open things. */
export async function queueRendered(
  tx: Tx,
  { config, keyRing, clock }: Sending,
  mail: StoredMail,
  delivery?: MailDelivery,
): Promise<void> {
  const row = await tx
    .insertInto("outgoing_mail")
    .values({
      sealed: seal(keyRing, MAIL_SEAL, JSON.stringify(mail)),
      created_at: clock.now(),
      address_key: addressKey({ keyRing }, mail.to),
      notice_id: delivery?.noticeId ?? null,
      account_id: delivery?.accountId ?? null,
    })
    // This notice goes to this address already.
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (row !== undefined && config.smtpUrl !== undefined)
    await enqueue(tx, "send-mail", { mailId: row.id });
}

/** By which an address is known where it does not stand itself. Mailboxes differ by case nowhere that matters. */
export function addressKey({ keyRing }: Pick<Services, "keyRing">, address: string): Buffer {
  return keyRing.mac("fingerprint", `mail-address ${address.toLowerCase()}`).mac;
}
