import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { chooseLanguage, languages, preferredLanguage, type Language } from "./languages.ts";

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

async function showLanguage(language: Language): Promise<void> {
  const { texts } = await languages[language].load();
  for (const [namespace, values] of Object.entries(texts))
    i18next.addResourceBundle(language, namespace, values);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
