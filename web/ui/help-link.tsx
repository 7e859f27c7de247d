import { ActionIcon } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";

/** Every page's question mark: opens the guide of its topic. */
export function HelpLink({ guide }: { guide: string }) {
  const { t } = useTranslation("common");
  return (
    <ActionIcon
      component={Link}
      to={paths.guide(guide)}
      variant="subtle"
      style={{ verticalAlign: "middle", marginTop: "-0.35rem" }}
      aria-label={t("openGuide")}
      title={t("openGuide")}
    >
      <IconHelpCircle size={20} aria-hidden />
    </ActionIcon>
  );
}
