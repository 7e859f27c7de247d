import { textOf, type Params } from "../../src/contract/fill-text.ts";
import { isLanguage, type Language } from "../../src/contract/languages.ts";
import roleTextsEn from "../../src/contract/texts/en/roles.json";
import en from "../../src/contract/texts/en/pages/receipt.json";
import roleTextsNl from "../../src/contract/texts/nl/roles.json";
import nl from "../../src/contract/texts/nl/pages/receipt.json";
import type { ReceiptStatement } from "../../src/contract/proofs/verify-leavers-receipt.ts";

const tables = { en, nl };
const roleTables: Record<Language, Record<string, string>> = {
  en: roleTextsEn.names,
  nl: roleTextsNl.names,
};

type Key = Exclude<keyof typeof en, "statements"> | "keysKept" | "keysRevoked";

/** The page's own language; the server wrote it there. */
const language: Language = isLanguage(document.documentElement.lang)
  ? document.documentElement.lang
  : "en";

/** A text, filled: instants (names that end in `At`) as the reader writes them, with the seconds that a log has. */
export function t(key: Key, params: Params = {}): string {
  const { statements: _, ...texts } = tables[language];
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      name.endsWith("At") ? momentText(String(value)) : value,
    ]),
  );
  return textOf(texts, key, { params: shown, language }) ?? key;
}

export const statementName = (statement: ReceiptStatement): string =>
  tables[language].statements[statement];

/** A role of ours by its name in this language, another one as it is called. */
export const roleName = (role: string): string => roleTables[language][role] ?? role;

function momentText(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    timeStyle: "long",
  }).format(at);
}
