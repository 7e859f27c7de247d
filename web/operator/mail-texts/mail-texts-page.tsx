import { NativeSelect, SimpleGrid } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isLanguage } from "../../../src/contract/languages.ts";
import { languages } from "../../i18n/languages.ts";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { BrandingTabs } from "./branding-tabs.tsx";
import { mailTextsQuery } from "./mail-text-api.ts";
import { MailTextForm } from "./mail-text-form.tsx";

/** The operator's words in mails, one mail in one language at a time; which one stands in the address. */
export function MailTextsPage() {
  const { t, i18n } = useTranslation("mailTexts");
  const texts = useSuspenseQuery(mailTextsQuery).data;
  const [kind, setKind] = useQueryValue("mail", { isFilter: true });
  const [asked, setLanguage] = useQueryValue("language", { isFilter: true });
  const wanted = asked ?? i18n.language;
  const language = isLanguage(wanted) ? wanted : "en";
  const inLanguage = texts.filter((text) => text.language === language);
  const shown = inLanguage.find((text) => text.kind === kind) ?? inLanguage[0];
  return (
    <Page title={t("title")} intro={t("pageIntro")} guide="branding" size="xl">
      <BrandingTabs here="mails" />
      <SimpleGrid cols={{ base: 1, sm: 2 }} maw="48rem">
        <NativeSelect
          label={t("which")}
          value={shown?.kind ?? ""}
          data={inLanguage.map((text) => ({
            value: text.kind,
            label: `${text.defaults.subject}${text.subject === null && text.intro === null && text.closing === null ? "" : ` (${t("changed")})`}`,
          }))}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("language")}
          value={language}
          data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        />
      </SimpleGrid>
      {shown !== undefined && (
        <MailTextForm key={`${shown.kind} ${shown.language} ${shown.version}`} mail={shown} />
      )}
    </Page>
  );
}
