import { Button, Checkbox, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBranding } from "../../shell/branding.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { saveText } from "../../ui/save-text.ts";

type Props = {
  codes: readonly string[];
  /** Whose they are, for the file and the printed page; not known in a first run. */
  email: string | undefined;
  onKept: () => void;
};

/** Recovery codes, shown once: nobody goes on without saying that they are kept. */
export function RecoveryCodes({ codes, email, onKept }: Props) {
  const { t } = useTranslation("twoFactor");
  const [isKept, setKept] = useState(false);
  const [isTooEarly, setTooEarly] = useState(false);
  const heading = useFileHeading(email);
  useLeaveWarning(!isKept);
  const asText = [heading, t("codesFileNote"), "", ...codes, ""].join("\n");
  return (
    <Stack>
      <Text>{t("codesIntro", { total: codes.length })}</Text>
      <Text size="sm" c="dimmed">
        {t("codesFor")}
      </Text>
      <Text className="print-only" size="sm">
        {heading}
      </Text>
      <SimpleGrid component="ol" cols={2} spacing="xs" m={0} p={0} aria-label={t("codes")}>
        {codes.map((code) => (
          <Code key={code} component="li" fz="sm" p={6} ta="center" style={{ listStyle: "none" }}>
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group className="no-print" gap="xs">
        <CopyButton value={codes.join("\n")} label={t("copyCodes")} />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveText(`${t("codesFile")}.txt`, asText)}
        >
          {t("download")}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPrinter size={16} aria-hidden />}
          onClick={() => globalThis.print()}
        >
          {t("print")}
        </Button>
      </Group>
      <Checkbox
        className="no-print"
        label={t("kept")}
        checked={isKept}
        error={isTooEarly && !isKept ? t("keepFirst") : undefined}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button className="no-print" onClick={() => (isKept ? onKept() : setTooEarly(true))}>
        {t("goOn")}
      </Button>
    </Stack>
  );
}

/** Who finds the file in a year knows what it is for. */
function useFileHeading(email = ""): string {
  const { t, i18n } = useTranslation("twoFactor");
  const { name } = useBranding();
  const [madeAt] = useState(() => new Date());
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(madeAt);
  return t("codesFileTitle", { email, name, date });
}

/** The codes are not shown again, so a closed tab is asked about. */
function useLeaveWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    globalThis.addEventListener("beforeunload", warn);
    return () => globalThis.removeEventListener("beforeunload", warn);
  }, [isOn]);
}
