import { mailTime, type Reader } from "../../contract/mail-time.ts";
import type { Language } from "../../contract/languages.ts";
import type { MailFrame, MailKind, MailTexts, PhraseKey } from "../../contract/mails.ts";
import { mailKinds } from "../../contract/mails.ts";
import { frameOf, lineOf, textsOf, type Wording } from "./mail-language.ts";

/** Words of ours in place of a value: the recipient's language decides them. */
export type Phrase = { say: PhraseKey; with?: Readonly<Record<string, MailValue>> };

/** What fills a place: a name or number as it is, an instant, or words of ours. */
export type MailValue = string | number | Date | Phrase;

export type MailValues = Readonly<Record<string, MailValue>>;

type LineKey<Kind extends MailKind> = Unplural<keyof MailTexts[Kind]["lines"] & string>;
type Unplural<Key extends string> = Key extends `${infer Stem}_${"one" | "other"}` ? Stem : Key;

type ParamOf<Kind extends MailKind> = (typeof mailKinds)[Kind]["params"][number];
type VaryingOf<Kind extends MailKind> = (typeof mailKinds)[Kind] extends {
  varying: readonly (infer Name)[];
}
  ? Name & ParamOf<Kind>
  : never;

/** What an operator's words may be filled with has to be there; the rest only for the lines that want it. */
type ValuesOf<Kind extends MailKind> = {
  readonly [Name in Exclude<ParamOf<Kind>, VaryingOf<Kind>>]: MailValue;
} & { readonly [Name in VaryingOf<Kind>]?: MailValue };

type LineValues<Kind extends MailKind> = { readonly [Name in ParamOf<Kind>]?: MailValue };

/** One line of what happened, by its key; with values of its own where a line stands more than once. */
type Line<Kind extends MailKind> = LineKey<Kind> | [key: LineKey<Kind>, values: LineValues<Kind>];

type MailOf<Kind extends MailKind> = {
  kind: Kind;
  values: ValuesOf<Kind>;
  /** What happened, in order. Never put anything here that the recipient may not know. */
  lines: readonly Line<Kind>[];
} & ((typeof mailKinds)[Kind] extends { link: string }
  ? { token?: string | undefined }
  : { token?: never });

/** A mail before it is in anybody's language. */
export type Mail = { [Kind in MailKind]: MailOf<Kind> }[MailKind];

/** When a change was made and from where; which of it is told is the kind's affair. */
export type MailFacts = {
  when: Date;
  device?: MailValue | undefined;
  address?: string | undefined;
};

/** A stretch of text; `isValue` where it was typed by somebody, and may run in another direction. */
export type Piece = { text: string; isValue: boolean };

/** A mail in a language, before it is text or HTML. */
export type ComposedMail = {
  language: Language;
  subject: Piece[];
  /** What the operator may word: before and after what happened. */
  intro: Piece[][];
  lines: Piece[][];
  facts: { label: string; value: Piece[] }[];
  link: { label: string; path: string; token: string | undefined } | null;
  warning: Piece[] | null;
  closing: Piece[][];
};

export type MailReader = Reader & { language: Language; name: string };

/** Fills a mail's texts for one reader. What happened, its facts, link and warning are ours; the rest is `wording`. */
export function composeMail(
  mail: Mail,
  {
    reader,
    wording,
    facts,
    product,
  }: { reader: MailReader; wording: Wording; facts: MailFacts; product: string },
): ComposedMail {
  const { kind } = mail;
  const values = mail.values as MailValues;
  const texts = textsOf(kind, reader.language);
  const fill = (text: string, own: MailValues = values) => fillPieces(text, own, reader);
  const free = {
    product,
    ...(mailKinds[kind].to === "holder" && { name: reader.name }),
    ...values,
  };
  const paragraphs = (text: string) => paragraphsOf(text).map((part) => fill(part, free));
  return {
    language: reader.language,
    subject: fill(wording.subject, free),
    intro: paragraphs(wording.intro),
    lines: (mail.lines as readonly (string | [string, MailValues])[]).map((line) => {
      const [key, own] = typeof line === "string" ? [line, {}] : line;
      const all = { ...values, ...own };
      return fill(lineOf(kind, key, { language: reader.language, count: all["count"] }), all);
    }),
    facts: factRows(mailKinds[kind].facts, facts, reader),
    link: linkOf(kind, texts.button, mail.token),
    warning: texts.warning === undefined ? null : fill(texts.warning),
    closing: paragraphs(wording.closing),
  };
}

const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

function linkOf(
  kind: MailKind,
  label: string | undefined,
  token: string | undefined,
): ComposedMail["link"] {
  const facts = mailKinds[kind];
  if (!("link" in facts) || label === undefined) return null;
  return { label, path: facts.link, token };
}

function factRows(
  told: (typeof mailKinds)[MailKind]["facts"],
  { when, device, address }: MailFacts,
  reader: MailReader,
): ComposedMail["facts"] {
  if (told === "none") return [];
  const { facts: labels } = frameOf(reader.language);
  const whence = [
    ["device", device],
    ["address", address],
  ] as const;
  const rows: (readonly [keyof MailFrame["facts"], MailValue | undefined])[] = [
    ["when", when],
    ...(told === "whence" ? whence : []),
  ];
  return rows.flatMap(([label, value]) =>
    value === undefined ? [] : [{ label: labels[label], value: piecesOf(value, reader) }],
  );
}

/** Text with its `{{places}}` filled, once: a value that holds braces itself stays what it is. */
function fillPieces(text: string, values: MailValues, reader: MailReader): Piece[] {
  return text.split(/(\{\{\w+\}\})/).flatMap((part) => {
    const name = /^\{\{(\w+)\}\}$/.exec(part)?.[1];
    if (name === undefined) return part === "" ? [] : [{ text: part, isValue: false }];
    const value = values[name];
    if (value === undefined) throw new Error(`a mail is sent without its ${name}`);
    return piecesOf(value, reader);
  });
}

function piecesOf(value: MailValue, reader: MailReader): Piece[] {
  if (typeof value === "string") return [{ text: value, isValue: true }];
  if (typeof value === "number") return [{ text: String(value), isValue: false }];
  if (value instanceof Date) return [{ text: mailTime(value, reader), isValue: false }];
  return fillPieces(frameOf(reader.language).phrases[value.say], value.with ?? {}, reader);
}
