import { useTranslation } from "react-i18next";
import { paths } from "../../paths.ts";
import { LinkTabs } from "../../ui/link-tabs.tsx";

/** The two pages of branding: how things look, and what mails say. */
export function BrandingTabs({ here }: { here: "look" | "mails" }) {
  const { t } = useTranslation("mailTexts");
  return (
    <LinkTabs
      label={t("tabs")}
      tabs={[
        { to: paths.operatorBranding(), label: t("look"), isHere: here === "look" },
        { to: paths.operatorMails(), label: t("mails"), isHere: here === "mails" },
      ]}
    />
  );
}
