import type { Services } from "../../context.ts";
import type { MailKind } from "../../contract/mails.ts";
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
};

/** Who a mail is for: where it goes, and whose language and clock it speaks. */
export type Recipient = {
  to: string;
  /** What a person's account is called; empty for an address that no account is known for. */
  name: string;
  language: Language;
  /** IANA name; null: UTC. */
  timeZone: string | null;
};

/** What a mail is bound to, so that it opens as nothing else. */
export const MAIL_SEAL = "outgoing-mail";

type Sending = Pick<Services, "config" | "keyRing" | "clock">;

/**
 * Queues a mail in the caller's transaction, in the recipient's language and the operator's words and looks. It is
 * sent by a job once the transaction is committed; without SALLYPORT_SMTP_URL it stays in the sandbox.
 */
export async function queueMail(
  tx: Tx,
  services: Sending,
  { to, ...reader }: Recipient,
  { facts, ...mail }: Mail & { facts?: Omit<MailFacts, "when"> },
): Promise<void> {
  const branding = await readBranding(tx);
  const { language } = reader;
  const composed = composeMail(mail, {
    reader: { ...reader, timeZone: reader.timeZone ?? "UTC" },
    wording: await readWording(tx, mail.kind, language),
    facts: { when: services.clock.now(), ...facts },
    product: branding.name || frameOf(language).nameless,
  });
  await queueRendered(tx, services, {
    to,
    kind: mail.kind,
    ...renderMail(composed, { ...services.config, branding }),
  });
}

/** Queues what is worded already. Sealed, because its links open things. */
export async function queueRendered(
  tx: Tx,
  { config, keyRing, clock }: Sending,
  mail: StoredMail,
): Promise<void> {
  const { id } = await tx
    .insertInto("outgoing_mail")
    .values({ sealed: seal(keyRing, MAIL_SEAL, JSON.stringify(mail)), created_at: clock.now() })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (config.smtpUrl !== undefined) await enqueue(tx, "send-mail", { mailId: id });
}
