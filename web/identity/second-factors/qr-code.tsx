import { Anchor, Center, Code, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EnrolmentReply } from "../../../src/contract/identity/second-factors.ts";
import { CopyButton } from "../../ui/copy-button.tsx";

/** The secret as a picture, and as text in groups of four for who can't scan. */
export function QrCode({
  enrolment: { qrSvg, secret, otpauthUrl },
}: {
  enrolment: EnrolmentReply;
}) {
  const { t } = useTranslation("twoFactor");
  return (
    <Stack gap="sm">
      <Center>
        {/* A picture, never part of the page: whatever the SVG holds, nothing in it can run. */}
        <img
          src={`data:image/svg+xml,${encodeURIComponent(qrSvg)}`}
          alt={t("qrAlt")}
          width={208}
          height={208}
        />
      </Center>
      {/* On the phone itself there is nothing to scan with: this opens the app. */}
      <Anchor href={otpauthUrl} ta="center" hiddenFrom="sm">
        {t("openInApp")}
      </Anchor>
      <Text size="sm" fw={600}>
        {t("cantScan")}
      </Text>
      <Group justify="space-between" gap="xs">
        <Code fz="sm" p="xs" aria-label={t("key")} role="group">
          {grouped(secret)}
        </Code>
        <CopyButton value={secret} label={t("copyKey")} />
      </Group>
      <Text size="sm" c="dimmed">
        {t("keyNote")}
      </Text>
    </Stack>
  );
}

/** Easier to read out and to type. */
const grouped = (secret: string): string => secret.replaceAll(/(.{4})(?=.)/g, "$1 ");
