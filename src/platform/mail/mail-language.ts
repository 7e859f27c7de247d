import { chosenText } from "../../contract/fill-text.ts";
import type { Language } from "../../contract/languages.ts";
import type { MailFrame, MailKind, MailTexts } from "../../contract/mails.ts";
import enAccess from "../../contract/texts/en/mails/access.json" with { type: "json" };
import enFrame from "../../contract/texts/en/mails/frame.json" with { type: "json" };
import enIdentity from "../../contract/texts/en/mails/identity.json" with { type: "json" };
import enNotice from "../../contract/texts/en/mails/notice.json" with { type: "json" };
import enOperator from "../../contract/texts/en/mails/operator.json" with { type: "json" };
import enPrivacy from "../../contract/texts/en/mails/privacy.json" with { type: "json" };
import enRecord from "../../contract/texts/en/mails/record.json" with { type: "json" };
import nlAccess from "../../contract/texts/nl/mails/access.json" with { type: "json" };
import nlFrame from "../../contract/texts/nl/mails/frame.json" with { type: "json" };
import nlIdentity from "../../contract/texts/nl/mails/identity.json" with { type: "json" };
import nlNotice from "../../contract/texts/nl/mails/notice.json" with { type: "json" };
import nlOperator from "../../contract/texts/nl/mails/operator.json" with { type: "json" };
import nlPrivacy from "../../contract/texts/nl/mails/privacy.json" with { type: "json" };
import nlRecord from "../../contract/texts/nl/mails/record.json" with { type: "json" };
import { mailKinds } from "../../contract/mails.ts";

/** The texts of mails, read once at the start; the compiler holds each language to the keys of English. */
const texts: Record<Language, MailTexts> = {
  en: { ...enIdentity, ...enAccess, ...enOperator, ...enPrivacy, ...enRecord, ...enNotice },
  nl: { ...nlIdentity, ...nlAccess, ...nlOperator, ...nlPrivacy, ...nlRecord, ...nlNotice },
};

const frames: Record<Language, MailFrame> = { en: enFrame, nl: nlFrame };

/** One mail's texts, whichever it is. */
export type KindTexts = {
  subject: string;
  lines: Readonly<Record<string, string>>;
  button?: string;
  warning?: string;
};

export const textsOf = (kind: MailKind, language: Language): KindTexts => texts[language][kind];

export const frameOf = (language: Language): MailFrame => frames[language];

/** What an operator may change of a mail: plain text, with places to fill. */
export type Wording = { subject: string; intro: string; closing: string };

/** What holds where the operator changed nothing. */
export function defaultWording(kind: MailKind, language: Language): Wording {
  const intro = mailKinds[kind].to === "holder" ? frameOf(language).greeting : "";
  return { subject: textsOf(kind, language).subject, intro, closing: "" };
}

/** A line of a mail by its key, with its places still open; one that depends on a count is chosen by it. */
export function lineOf(
  kind: MailKind,
  key: string,
  { language, count }: { language: Language; count?: unknown },
): string {
  const text = chosenText(textsOf(kind, language).lines, key, { count, language });
  if (text === undefined) throw new Error(`the mail ${kind} has no line ${key}`);
  return text;
}
