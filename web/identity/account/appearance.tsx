import { NativeSelect, SimpleGrid, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { languages, type Language } from "../../i18n/languages.ts";
import { changeLanguage } from "../../i18n/start-i18n.ts";
import { Card } from "../../ui/card.tsx";

const SCHEMES = ["auto", "light", "dark"] as const;

/** Language and colours, kept in this browser. */
export function Appearance() {
  const { t, i18n } = useTranslation(["profile", "common"]);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const names = {
    auto: t("common:likeSystem"),
    light: t("common:light"),
    dark: t("common:dark"),
  };
  return (
    <Card title={t("appearance")} intro={t("appearanceIntro")}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} maw="28rem">
        <NativeSelect
          label={t("common:language")}
          value={i18n.language}
          data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
          onChange={(event) => void changeLanguage(event.currentTarget.value as Language)}
        />
        <NativeSelect
          label={t("look")}
          value={colorScheme}
          data={SCHEMES.map((value) => ({ value, label: names[value] }))}
          onChange={(event) => {
            const chosen = SCHEMES.find((scheme) => scheme === event.currentTarget.value);
            if (chosen !== undefined) setColorScheme(chosen);
          }}
        />
      </SimpleGrid>
    </Card>
  );
}
