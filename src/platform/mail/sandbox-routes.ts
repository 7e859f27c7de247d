import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { DEFAULT_LANGUAGE, languageAmong, type Language } from "../../contract/languages.ts";
import en from "../../contract/texts/en/pages/sandbox.json" with { type: "json" };
import nl from "../../contract/texts/nl/pages/sandbox.json" with { type: "json" };
import type { Services } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { open } from "../crypto/seal.ts";
import { requireLoopback } from "../http/loopback-only.ts";
import { html, sendPage, type Html } from "../http/page.ts";
import { MAIL_SEAL, type StoredMail } from "./queue-mail.ts";

type SandboxMail = StoredMail & { at: string };

/** Mails that would have been sent, for whoever tries Sallyport on their own machine; only without a mail server. */
export const sandboxRoutes: FastifyPluginAsync = async (app) => {
  const { services } = app;
  const config = { isPublicFile: true } as const;

  app.get("/sandbox/mail.json", { schema: { hide: true }, config }, async (request) => {
    requireSandbox(request, services.config);
    return { mails: await readMails(services) };
  });

  app.get("/sandbox/mail", { schema: { hide: true }, config }, async (request, reply) => {
    requireSandbox(request, services.config);
    const language = languageAmong(request.headers["accept-language"] ?? "") ?? DEFAULT_LANGUAGE;
    const body = pageOf(await readMails(services), texts[language]);
    void reply.header("vary", "accept-language");
    return sendPage(reply, { language, title: texts[language].title, body });
  });
};

function requireSandbox(request: FastifyRequest, config: Services["config"]): void {
  if (config.smtpUrl !== undefined) throw new ProblemError("route-not-found");
  requireLoopback(request, config);
}

/** Oldest first. */
async function readMails({ db, keyRing }: Services): Promise<SandboxMail[]> {
  const rows = await db
    .selectFrom("outgoing_mail")
    .select(["sealed", "created_at"])
    .orderBy("id")
    .execute();
  return rows.flatMap(({ sealed, created_at }) => {
    if (sealed === null) return [];
    const {
      to,
      kind,
      subject,
      text,
      html: markup,
    } = JSON.parse(open(keyRing, MAIL_SEAL, sealed).toString()) as StoredMail;
    return [{ to, kind, subject, text, html: markup, at: created_at.toISOString() }];
  });
}

type Texts = typeof en;

const texts: Record<Language, Texts> = { en, nl };

function pageOf(mails: readonly SandboxMail[], { title, explained, empty, to }: Texts): Html {
  const newestFirst = mails.toReversed();
  const [before = "", after = ""] = explained.split("{{link}}");
  return html`<h1>${title}</h1>
    <p>${before}<a href="/sandbox/mail.json">mail.json</a>${after}</p>
    ${mails.length === 0 ? html`<p>${empty}</p>` : newestFirst.map((mail) => articleOf(mail, to))}`;
}

function articleOf({ to: address, subject, text, at }: SandboxMail, to: string): Html {
  return html`<article>
    <h2>${subject}</h2>
    <p class="meta">
      ${to.replace("{{address}}", () => address)},
      <time datetime="${at}">${at.slice(0, 19).replace("T", " ")} UTC</time>
    </p>
    <div class="text">${linked(text)}</div>
  </article>`;
}

/** Our own links, which stand alone on their line, can be clicked. */
function linked(text: string): readonly Html[] {
  return text
    .split("\n")
    .map((line) =>
      /^https?:\/\/\S+$/.test(line) ? html`<a href="${line}">${line}</a>` : html`${line}`,
    );
}
