import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import {
  chooseLanguage,
  languages,
  preferredLanguage,
  shownLanguage,
  type Language,
} from "./languages.ts";

/** Loads the person's language and makes it the page's. English stands in for what is missing. */
export async function startI18n(): Promise<i18n> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    defaultNS: "common",
    interpolation: { escapeValue: false }, // React escapes
    resources: {},
    returnNull: false,
  });
  await showLanguage("en");
  await showLanguage(language);
  return i18next;
}

/** Changes the language in place and for next time. */
export async function changeLanguage(language: Language): Promise<void> {
  chooseLanguage(language);
  await showLanguage(language);
}

/** Whether a page was opened that only operators have: then another language brings its texts too. */
let isForOperators = false;

/** Before a page of the operator's. @throws when they can't be fetched. */
export async function loadOperatorTexts(): Promise<void> {
  isForOperators = true;
  for (const language of new Set<Language>(["en", shownLanguage()])) await addTexts(language);
}

async function showLanguage(language: Language): Promise<void> {
  await addTexts(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

async function addTexts(language: Language): Promise<void> {
  const { load, loadForOperators } = languages[language];
  const parts = await Promise.all([load(), ...(isForOperators ? [loadForOperators()] : [])]);
  for (const { texts } of parts)
    for (const [namespace, values] of Object.entries(texts))
      i18next.addResourceBundle(language, namespace, values);
}
