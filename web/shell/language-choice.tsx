import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { languages, type Language } from "../i18n/languages.ts";
import { changeLanguage } from "../i18n/start-i18n.ts";

/** Each language by its own name, so that whoever got the wrong one finds theirs. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation("common");
  return (
    <NativeSelect
      size="xs"
      aria-label={t("language")}
      value={i18n.language}
      data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
      onChange={(event) => void changeLanguage(event.currentTarget.value as Language)}
    />
  );
}
