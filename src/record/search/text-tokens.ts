/*
 * What a text is looked for by. Entries are compared in one form (composed, lower case). Their text is cut into
 * words, and what looks like an id (opaque) is one piece that is found whole or not at all: an index of all
 * parts of all ids would be larger than the log.
 */

/** Longest word that is listed, in characters. */
const MAX_WORD_LENGTH = 32;

export type Token = { text: string; start: number; end: number; isOpaque: boolean };

/** The form in which texts are compared. */
export const foldText = (text: string): string => text.normalize("NFC").toLowerCase();

/** Scripts written without spaces: each character stands for itself. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const UUID = String.raw`[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}`;
const TOKEN = new RegExp(
  String.raw`${UUID}|[${UNSPACED}]|[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]+`,
  "gv",
);

/** Actions, browsers and kinds of things come again and again; a cut text is kept for the next. */
const cut = new Map<string, readonly Token[]>();
const MAX_CUT = 5_000;
const MAX_CUT_LENGTH = 300;

/** @param text folded. */
export function tokensOf(text: string): readonly Token[] {
  const known = cut.get(text);
  if (known !== undefined) return known;
  const tokens: Token[] = [];
  for (const { 0: found, index: start } of text.matchAll(TOKEN))
    tokens.push({ text: found, start, end: start + found.length, isOpaque: isOpaque(found) });
  if (cut.size >= MAX_CUT) cut.clear();
  if (text.length <= MAX_CUT_LENGTH) cut.set(text, tokens);
  return tokens;
}

/** Also of every longer one: what is part of a word is never opaque itself. */
const isOpaque = (run: string): boolean =>
  run.length > MAX_WORD_LENGTH ||
  run.includes("-") ||
  /\d{10}/.test(run) ||
  (run.length >= 8 && (run.match(/\d(?=[^\d])|[^\d](?=\d)/g)?.length ?? 0) >= 3);

/** A value that is an id as a whole: of letters, digits, `-` and `_`, long enough that nobody chose it. */
export const isId = (value: string): boolean => /^(?=.*\d)[\w-]{8,}$/.test(value);

/** A part of an entry's text; an id is one token. */
export type TextField = { text: string; isId: boolean };

/** @param field folded. */
export const fieldTokens = ({ text, isId: isWhole }: TextField): readonly Token[] =>
  isWhole ? [{ text, start: 0, end: text.length, isOpaque: true }] : tokensOf(text);

/**
 * Whether the text stands in one of the fields, without beginning or ending inside of something opaque.
 *
 * @param sought and fields folded.
 */
export const hasText = (fields: readonly TextField[], sought: string): boolean =>
  fields.some((field) => isInField(field, sought));

function isInField(field: TextField, sought: string): boolean {
  let at = field.text.indexOf(sought);
  if (at < 0) return false;
  const opaque = fieldTokens(field).filter((token) => token.isOpaque);
  for (; at >= 0; at = field.text.indexOf(sought, at + 1)) {
    const [from, to] = [at, at + sought.length];
    const isCut = opaque.some(
      ({ start, end }) => (start < from && from < end) || (start < to && to < end),
    );
    if (!isCut) return true;
  }
  return false;
}
