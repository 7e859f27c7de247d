import type { Transporter } from "nodemailer";
import type { Config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { readBranding } from "../branding/branding-queries.ts";
import { senderOf } from "../branding/branding-facts.ts";
import { open as unseal } from "../crypto/seal.ts";
import { defineJob, JobHopeless, type Job } from "../jobs/define-job.ts";
import { noteRefused, noteSent } from "./failing-addresses.ts";
import { openMailTransport } from "./mail-transport.ts";
import { isPlainAddress } from "./plain-address.ts";
import { MAIL_SEAL, type StoredMail } from "./queue-mail.ts";

/** Longer than the waits of the transport together, ms. */
const TIMEOUT_MS = 60_000;

/** Sends a mail once. `close` ends the connections that were kept open. */
export function sendMailJob(config: Pick<Config, "smtpUrl">): {
  job: Job<"send-mail">;
  close(): Promise<void>;
} {
  let transport: Promise<Transporter> | undefined;
  const open = (): Promise<Transporter> => {
    if (config.smtpUrl === undefined)
      throw new Error("SALLYPORT_SMTP_URL is gone, and this mail was queued while it was set");
    transport ??= openMailTransport(config.smtpUrl);
    return transport;
  };
  return {
    job: defineJob({
      name: "send-mail",
      timeoutMs: TIMEOUT_MS,
      async run({ ctx, signal }, { mailId }) {
        await sendMail(ctx, { mailId, signal, open });
      },
    }),
    async close() {
      (await transport)?.close();
    },
  };
}

type Sending = { mailId: string; signal: AbortSignal; open: () => Promise<Transporter> };

/**
 * A worker that dies between the server's "250" and our note sends the mail again. It then carries the
 * same Message-ID and Date, by which mail servers and people can tell.
 */
async function sendMail(ctx: Context, { mailId, signal, open }: Sending) {
  const row = await ctx.db
    .selectFrom("outgoing_mail")
    .select(["sealed", "created_at"])
    .where("id", "=", mailId)
    .executeTakeFirst();
  // Swept, or sent by a worker that could not say so any more.
  if (row === undefined || row.sealed === null) return;
  const mail = openMail(ctx, row.sealed);
  const from = senderOf(await readBranding(ctx.db), ctx.config);
  const transport = await open();
  try {
    await transport.sendMail({
      from,
      to: { name: "", address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      date: row.created_at,
      messageId: messageIdOf(ctx, { mailId, from }),
      headers: headersOf(ctx, mail),
      signal,
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    await noteRefused(ctx.db, { mailId, ...refusal, now: ctx.now() });
    throw new JobHopeless("the mail server refused the recipient or the message for good", {
      cause: error,
    });
  }
  await noteSent(ctx.db, { mailId, now: ctx.now() });
}

/**
 * RFC 3834 §5: no out-of-office replies to this. RFC 8058: mail programs end mails of an optional class with one
 * POST; the same address by GET leads to a page that asks.
 */
function headersOf({ config }: Context, { unsubscribe }: StoredMail): Record<string, Header> {
  const automatic = { "Auto-Submitted": "auto-generated" };
  if (unsubscribe === undefined) return automatic;
  const url = new URL("/v1/unsubscribe", config.publicUrl);
  url.searchParams.set("token", unsubscribe);
  return {
    ...automatic,
    // Folded, it would be two addresses to some.
    "List-Unsubscribe": { prepared: true, value: `<${url.href}>` },
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

type Header = string | { prepared: boolean; value: string };

/** More than one address in a header would send somebody's links to somebody else. */
function openMail({ keyRing }: Context, sealed: Buffer): StoredMail {
  const mail = JSON.parse(unseal(keyRing, MAIL_SEAL, sealed).toString()) as StoredMail;
  if (!isPlainAddress(mail.to)) throw new JobHopeless("the recipient is not one plain address");
  return mail;
}

/** The same for each try of a mail (RFC 5322 §3.6.4), and no count of mails for those who receive several. */
function messageIdOf(
  { keyRing }: Context,
  { mailId, from }: { mailId: string; from: { address: string } },
): string {
  const { mac } = keyRing.mac("fingerprint", `message-id ${mailId}`);
  const [, host = "localhost"] = from.address.split("@");
  return `<${mac.subarray(0, 16).toString("hex")}@${host}>`;
}

/**
 * RFC 5321 §4.2.1: 5yz to RCPT TO or to the message will be 5yz the next time. What a server says to the
 * greeting or to our sign-in is about the settings, which somebody can put right. Null: it may go well yet.
 */
function refusalOf(error: unknown): { code: number; isAddress: boolean } | null {
  const { code, command, responseCode } = error as {
    code?: string;
    command?: string;
    responseCode?: number;
  };
  if (responseCode === undefined || responseCode < 500) return null;
  if (code !== "EENVELOPE" && code !== "EMESSAGE") return null;
  return { code: responseCode, isAddress: command === "RCPT TO" };
}
