import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import {
  darkFillOf,
  DEFAULT_COLOR,
  parseColor,
  shadesOf,
} from "../../../src/contract/platform/brand-color.ts";
import { Mark } from "../../shell/logo.tsx";
import type { Branding } from "./branding-api.ts";
import type { BrandingValues } from "./branding-page.tsx";
import { logoSource } from "./logo-field.tsx";
import "./preview.css";

type Props = { values: BrandingValues; branding: Branding };

/** What is being typed, as people would see it: panel and mail, light and dark, whatever one's own scheme is. */
export function Preview({ values, branding }: Props) {
  const { t } = useTranslation("branding");
  return (
    <Box
      component="section"
      className="branding-preview"
      aria-labelledby="branding-preview"
      // It scrolls on its own, so the keyboard must reach it.
      tabIndex={0}
    >
      <Stack gap="md">
        <Title order={2} id="branding-preview">
          {t("preview")}
        </Title>
        {(["light", "dark"] as const).map((scheme) => (
          <Stack key={scheme} gap="xs">
            <Text c="dimmed" size="sm">
              {t(scheme)}
            </Text>
            <PanelPreview values={values} branding={branding} scheme={scheme} />
            <MailPreview values={values} branding={branding} scheme={scheme} />
          </Stack>
        ))}
      </Stack>
    </Box>
  );
}

type SchemeProps = Props & { scheme: "light" | "dark" };

function styleOf(color: string, scheme: "light" | "dark"): CSSProperties {
  const own = parseColor(color) ?? DEFAULT_COLOR;
  const shades = shadesOf(own);
  const isLight = scheme === "light";
  return {
    "--preview-fill": isLight ? own : darkFillOf(own),
    "--preview-link": isLight ? shades[8] : shades[3],
    "--preview-bar": own,
  } as CSSProperties;
}

function PanelPreview({ values, branding, scheme }: SchemeProps) {
  const { t } = useTranslation(["branding", "common"]);
  return (
    <Paper
      withBorder
      p="md"
      className={`preview-${scheme}`}
      style={styleOf(values.primaryColor, scheme)}
      data-testid={`preview-panel-${scheme}`}
    >
      <Stack gap="sm">
        <Mark
          src={logoSource(values.logo, branding) ?? "/favicon.svg"}
          name={values.name || t("common:yourAccount")}
        />
        <Text>{t("branding:samplePanel")}</Text>
        <Group>
          <span className="preview-button">{t("branding:sampleButton")}</span>
          <span className="preview-link">{t("branding:sampleLink")}</span>
        </Group>
        {values.showsMaker && <Text size="sm">{t("common:securedBy")}</Text>}
      </Stack>
    </Paper>
  );
}

function MailPreview({ values, branding, scheme }: SchemeProps) {
  const { t } = useTranslation(["branding", "common"]);
  const { defaults } = branding;
  const name = values.name || t("common:yourAccount");
  const sender = values.mailFromName || values.name || defaults.mailFromName;
  const address = values.mailFromAddress || defaults.mailFromAddress;
  return (
    <Paper
      withBorder
      p="md"
      className={`preview-${scheme}`}
      style={styleOf(values.primaryColor, scheme)}
      data-testid={`preview-mail-${scheme}`}
    >
      <Stack gap="sm">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {t("branding:from")} {sender} &lt;{address}&gt;
        </Text>
        <div className="preview-bar">{name}</div>
        <Text>{t("branding:sampleMail")}</Text>
        <span className="preview-button">{t("branding:sampleMailButton")}</span>
        <Text size="sm" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
          {[values.mailFooter, ...(values.showsMaker ? [t("common:securedBy")] : [])]
            .filter(Boolean)
            .join("\n")}
        </Text>
      </Stack>
    </Paper>
  );
}
