import { Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useBranding } from "./branding.ts";

/** The operator's legal pages, and who made this, where the operator wants that said. Nothing else is added. */
export function LegalLinks({ justify = "center" }: { justify?: "center" | "flex-start" }) {
  const { t } = useTranslation("common");
  const { termsUrl, privacyUrl, imprintUrl, showsMaker } = useBranding();
  const links = [
    { label: t("terms"), url: termsUrl },
    { label: t("privacy"), url: privacyUrl },
    { label: t("imprint"), url: imprintUrl },
  ];
  if (!showsMaker && links.every(({ url }) => url === null)) return null;
  return (
    <Group gap="md" justify={justify}>
      {links.map(
        ({ label, url }) =>
          url !== null && (
            <Anchor key={label} href={url} size="sm" target="_blank" rel="noreferrer">
              {label}
            </Anchor>
          ),
      )}
      {showsMaker && (
        <Text size="sm" c="dimmed">
          {t("securedBy")}
        </Text>
      )}
    </Group>
  );
}
