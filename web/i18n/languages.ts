import { isLanguage, type Language } from "../../src/contract/languages.ts";

export type { Language };

type Load = () => Promise<{ texts: Record<string, object> }>;
type LanguageFiles = { name: string; load: Load; loadForOperators: Load };

/** The panel's languages, each in files of its own that are fetched when they are wanted. */
export const languages = {
  en: {
    name: "English",
    load: () => import("./en.ts"),
    loadForOperators: () => import("./operator-en.ts"),
  },
  nl: {
    name: "Nederlands",
    load: () => import("./nl.ts"),
    loadForOperators: () => import("./operator-nl.ts"),
  },
} satisfies Record<Language, LanguageFiles>;

const STORAGE_KEY = "sallyport-language";

/** What the person chose here, else what the browser asks for, else English. */
export function preferredLanguage(): Language {
  const wanted = [chosenLanguage(), ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return wanted.find((tag): tag is Language => tag !== null && isLanguage(tag)) ?? "en";
}

export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}

/** How mails to somebody who makes an account here should read: as this page does, by this device's clock. */
export function readerHere(): { language: Language; timeZone?: string } {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { language: shownLanguage(), ...(timeZone !== undefined && { timeZone }) };
}

/** What the page is in. */
export function shownLanguage(): Language {
  const { lang } = document.documentElement;
  return isLanguage(lang) ? lang : preferredLanguage();
}

function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
