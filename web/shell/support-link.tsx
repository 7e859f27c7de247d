import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useBranding } from "./branding.ts";

/** Where people get help; the operator says where: a page, else an address to write to. */
export function SupportLink() {
  const { t } = useTranslation("common");
  const { supportUrl, supportEmail } = useBranding();
  const href = supportUrl ?? (supportEmail === null ? null : `mailto:${supportEmail}`);
  if (href === null) return null;
  return <Anchor href={href}>{t("getHelp")}</Anchor>;
}
