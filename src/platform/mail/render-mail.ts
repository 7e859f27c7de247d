import type { Config } from "../../config.ts";
import type { PanelPath } from "../../contract/panel-paths.ts";
import { DEFAULT_COLOR } from "../../contract/platform/brand-color.ts";
import type { BrandingFields } from "../../contract/platform/branding.ts";
import type { ComposedMail, Piece } from "./compose-mail.ts";
import { frameOf } from "./mail-language.ts";

type Look = Pick<Config, "publicUrl" | "supportUrl"> & {
  branding: BrandingFields;
  /** The token that ends mails of this class; none where nobody can. */
  unsubscribe?: string | undefined;
};

export type RenderedMail = { subject: string; text: string; html: string };

/** The text and HTML of a mail. Links carry the configured origin, whatever host a request named. */
export function renderMail(mail: ComposedMail, look: Look): RenderedMail {
  const subject = oneLine(plain(mail.subject));
  return { subject, text: `${textOf(mail, look)}\n`, html: page(subject, mail, look) };
}

function textOf(mail: ComposedMail, look: Look): string {
  const { help, lines: foot } = footOf(mail, look);
  const href = mail.link && linkHref(mail.link, look.publicUrl);
  const facts = mail.facts.map(({ label, value }) => `${label}: ${plain(value)}`);
  return [
    ...[...mail.intro, ...mail.lines].map(plain),
    ...(facts.length > 0 ? [facts.join("\n")] : []),
    ...(href === null ? [] : [`${mail.link?.label}:\n${href}`]),
    ...(mail.warning === null ? [] : [plain(mail.warning)]),
    ...mail.closing.map(plain),
    ...help,
    ...(foot.length > 0 ? [`-- \n${foot.join("\n")}`] : []),
  ].join("\n\n");
}

/**
 * No picture: mail programs hide those of people whom one does not know yet, and asking for one tells who
 * reads. Colours are the reader's own, light or dark, but for the brand's, which is readable on both as a field.
 */
function page(title: string, mail: ComposedMail, look: Look): string {
  const { help, lines } = footOf(mail, look);
  const color = colorOf(look);
  const content = [
    ...[...mail.intro, ...mail.lines].map(paragraph),
    ...(mail.facts.length > 0 ? [factTable(mail.facts)] : []),
    ...(mail.link === null ? [] : [button(mail.link, look)]),
    ...(mail.warning === null ? [] : [paragraph(mail.warning)]),
    ...mail.closing.map(paragraph),
    ...help.map((line) => `<p>${linked(line)}</p>`),
  ].join("\n");
  return `<!doctype html>
<html lang="${mail.language}" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(title)}</title></head>
<body style="font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere;word-break:break-word">
<div style="border-top:4px solid ${color};padding-top:1rem;font-size:18px;font-weight:600"><bdi>${escapeHtml(productName(mail, look))}</bdi></div>
${content}${footHtml(lines)}
</body></html>
`;
}

function factTable(facts: ComposedMail["facts"]): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th scope="row" style="text-align:left;vertical-align:top;font-weight:600;padding:2px 16px 2px 0;white-space:nowrap">${escapeHtml(label)}</th><td style="padding:2px 0">${marked(value)}</td></tr>`,
  );
  return `<table style="border-left:4px solid #8888;padding-left:12px;margin:1rem 0;border-spacing:0">\n${rows.join("\n")}\n</table>`;
}

const footHtml = (lines: readonly string[]): string =>
  lines.length === 0
    ? ""
    : `\n<div style="margin-top:2rem;padding-top:1rem;border-top:1px solid #8888;font-size:14px">\n${lines.map((line) => `<div>${linked(line)}</div>`).join("\n")}\n</div>`;

const productName = ({ language }: ComposedMail, { branding }: Look): string =>
  branding.name || frameOf(language).nameless;

/** Where to get help, and what the operator wants below every mail. */
function footOf(
  { language }: Pick<ComposedMail, "language">,
  { branding, supportUrl, publicUrl, unsubscribe }: Look,
): { help: string[]; lines: string[] } {
  const frame = frameOf(language);
  const [where, other] = [branding.supportUrl || (supportUrl ?? ""), branding.supportEmail].filter(
    Boolean,
  );
  const help = (other === undefined ? frame.help : frame.help2)
    .replace("{{where}}", () => where ?? "")
    .replace("{{other}}", () => other ?? "");
  const links = [
    [frame.terms, branding.termsUrl],
    [frame.privacy, branding.privacyUrl],
    [frame.imprint, branding.imprintUrl],
  ].flatMap(([label, url]) => (url ? [`${label}: ${url}`] : []));
  return {
    help: where === undefined ? [] : [help],
    lines: [
      ...(branding.mailFooter === "" ? [] : branding.mailFooter.split("\n")),
      ...links,
      ...(unsubscribe === undefined
        ? []
        : [`${frame.unsubscribe}: ${unsubscribePage(publicUrl, unsubscribe)}`]),
      ...(branding.showsMaker ? [frame.maker] : []),
    ],
  };
}

/** A page that POSTs: a mail scanner that opens it ends nothing. */
function unsubscribePage(publicUrl: URL, token: string): string {
  const path: PanelPath = "/unsubscribe";
  return linkHref({ label: "", path, token }, publicUrl);
}

/** Checked when it was set; what else might stand there could leave the attribute. */
const colorOf = ({ branding }: Look): string =>
  /^#[0-9a-f]{6}$/.test(branding.primaryColor) ? branding.primaryColor : DEFAULT_COLOR;

/** White on the brand's colour, which is at least 4.5:1. */
function button(link: NonNullable<ComposedMail["link"]>, look: Look): string {
  const href = escapeHtml(linkHref(link, look.publicUrl));
  return `<p style="margin:1.5rem 0"><a href="${href}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:${colorOf(look)};color:#fff;text-decoration:none;font-weight:600">${escapeHtml(link.label)}</a></p>`;
}

function linkHref({ path, token }: NonNullable<ComposedMail["link"]>, publicUrl: URL): string {
  const url = new URL(path, publicUrl);
  if (token !== undefined) url.searchParams.set("token", token);
  return url.href;
}

const paragraph = (pieces: readonly Piece[]): string =>
  `<p>${marked(pieces).replaceAll("\n", "<br>")}</p>`;

/** What somebody typed may run from right to left: it is kept to itself, or it would turn our words around it. */
const marked = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text, isValue }) => (isValue ? `<bdi>${escapeHtml(text)}</bdi>` : escapeHtml(text)))
    .join("");

/** Scripts that run from right to left, as Unicode's bidirectional algorithm begins with them. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The same for text without markup: first-strong isolate and its end (UAX #9). */
export const plain = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text, isValue }) =>
      isValue && RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text,
    )
    .join("");

/** "Terms: https://…" with each address as a link. */
const linked = (line: string): string =>
  line
    .split(/(https:\/\/\S+)/)
    .map((part) => {
      const text = escapeHtml(part);
      return part.startsWith("https://") ? `<a href="${text}">${text}</a>` : text;
    })
    .join("");

/** A name with a line break in a subject would start another header. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
