import { languages, type Language } from "../../contract/languages.ts";
import { mailKinds, placeholdersOf, type MailKind } from "../../contract/mails.ts";
import type {
  MailPreview,
  MailText,
  MailTextChange,
  MailTextParams,
  MailWording,
} from "../../contract/platform/mail-texts.ts";
import type { Context } from "../../context.ts";
import { recipientsOf } from "../../identity/accounts/tell.ts";
import { whence } from "../../identity/sessions/whence.ts";
import { takeInWindow, type WindowCap } from "../../identity/throttling/window.ts";
import { readBranding } from "../../platform/branding/branding-queries.ts";
import type { Db } from "../../platform/db/db.ts";
import { composeMail } from "../../platform/mail/compose-mail.ts";
import { defaultWording, frameOf } from "../../platform/mail/mail-language.ts";
import {
  listWordings,
  saveWording,
  type StoredWording,
} from "../../platform/mail/mail-text-queries.ts";
import { queueRendered } from "../../platform/mail/queue-mail.ts";
import { renderMail, type RenderedMail } from "../../platform/mail/render-mail.ts";
import { sampleMail } from "../../platform/mail/sample-mail.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { checkWording } from "./check-wording.ts";

const HOUR_MS = 3_600_000;

/** Test mails that one operator has sent to themselves. */
const TEST_CAP: WindowCap = { name: "test-mails", max: 60, windowMs: HOUR_MS };

const kinds = Object.keys(mailKinds) as MailKind[];

/** Every mail in every language, with what the operator worded anew. @throws {ProblemError} `not-found` */
export async function readMailTexts(ctx: Context): Promise<{ texts: MailText[] }> {
  requireOperator(ctx);
  const stored = await listWordings(ctx.db);
  const texts = kinds.flatMap((kind) =>
    languages.map((language) => {
      const row = stored.find((each) => each.kind === kind && each.language === language);
      return toMailText({ kind, language }, row);
    }),
  );
  return { texts };
}

/**
 * Words one mail anew, in one language; null is the default again. It holds from the next mail on, on every
 * process: words are read with each mail.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `invalid-request` naming field and placeholder;
 *   `conflict` when somebody else changed it since `version` was read.
 */
export async function changeMailText(
  ctx: Context,
  { kind, language }: MailTextParams,
  { version, ...sent }: MailTextChange,
): Promise<MailText> {
  return await changeAsOperator(ctx, {}, async (tx) => {
    const wording = checkWording(kind, sent);
    const named = { kind, language };
    const before = (await listWordings(tx, named)).at(0);
    const after = await saveWording(tx, { ...named, seen: version, wording, now: ctx.now() });
    if (after === undefined)
      throw new ProblemError("conflict", { detail: { code: "mail-text-changed-meanwhile" } });
    await record(tx, ctx, {
      action: "mail-text.changed",
      targets: [{ type: "mail-text", id: `${kind}/${language}` }],
      change: { before: wordingOf(before), after: wordingOf(after) },
    });
    return toMailText(named, after);
  });
}

/** How a mail would look, with made-up data. @throws {ProblemError} `not-found`; `invalid-request` as on a change */
export async function previewMail(
  ctx: Context,
  params: MailTextParams,
  sent: MailWording,
): Promise<MailPreview> {
  const own = requireOperator(ctx);
  const wording = checkWording(params.kind, sent);
  const [reader] = await recipientsOf(ctx.db, own.accountId);
  return await render(ctx.db, ctx, params, { wording, name: reader?.name ?? "" });
}

/**
 * The same, as a mail to the caller: how their mail program shows it.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `invalid-request` as on a change; `too-many-requests`
 */
export async function sendTestMail(
  ctx: Context,
  params: MailTextParams,
  sent: MailWording,
): Promise<void> {
  const own = requireOperator(ctx);
  await changeAsOperator(ctx, {}, async (tx) => {
    const wording = checkWording(params.kind, sent);
    if (!(await takeInWindow(tx, ctx, TEST_CAP, own.accountId)))
      throw new ProblemError("too-many-requests", { retryAfterSeconds: HOUR_MS / 1000 });
    const [reader] = await recipientsOf(tx, own.accountId);
    if (reader === undefined) throw new Error("an operator is a person");
    const { subject, ...mail } = await render(tx, ctx, params, { wording, name: reader.name });
    const marked = frameOf(params.language).test.replace("{{subject}}", () => subject);
    await queueRendered(tx, ctx, { ...mail, to: reader.to, kind: null, subject: marked });
    await record(tx, ctx, {
      action: "operator.mail-text-tested",
      targets: [{ type: "mail-text", id: `${params.kind}/${params.language}` }],
    });
  });
}

async function render(
  db: Db,
  ctx: Context,
  { kind, language }: MailTextParams,
  { wording, name }: { wording: MailWording; name: string },
): Promise<RenderedMail> {
  const branding = await readBranding(db);
  const ours = defaultWording(kind, language);
  const now = ctx.now();
  const mail = composeMail(sampleMail(kind, { now, language }), {
    reader: { language, name, timeZone: "UTC" },
    wording: {
      subject: wording.subject ?? ours.subject,
      intro: wording.intro ?? ours.intro,
      closing: wording.closing ?? ours.closing,
    },
    facts: { when: now, ...whence(ctx) },
    product: branding.name || frameOf(language).nameless,
  });
  return renderMail(mail, { ...ctx.config, branding });
}

const wordingOf = (row: StoredWording | undefined): MailWording => ({
  subject: row?.subject ?? null,
  intro: row?.intro ?? null,
  closing: row?.closing ?? null,
});

function toMailText(
  { kind, language }: { kind: MailKind; language: Language },
  row: StoredWording | undefined,
): MailText {
  return {
    kind,
    language,
    ...wordingOf(row),
    version: row?.version ?? 0,
    changedAt: row?.changed_at.toISOString() ?? null,
    defaults: defaultWording(kind, language),
    placeholders: placeholdersOf(kind),
    needs: [...mailKinds[kind].needs],
  };
}
