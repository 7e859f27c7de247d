import { Alert, Button, Checkbox, Code, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../ui/copy-button.tsx";
import type { KeyCreated } from "./key-api.ts";

type Props = {
  made: KeyCreated;
  appId: string;
  isGateway: boolean;
  /** What else there is to know: until when the old key works. */
  note?: string;
  onClose: () => void;
};

/**
 * A key, this once: it stands in one field of this dialog and nowhere else, and is gone when the dialog
 * closes. Closing takes the word of the person that they have it.
 */
export function KeyOnceDialog({ made, appId, isGateway, note, onClose }: Props) {
  const { t } = useTranslation("keys");
  const [isStored, setStored] = useState(false);
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="lg"
      title={t("onceTitle")}
    >
      <Stack>
        <Alert color="orange" variant="light">
          {t("onceWarning")}
        </Alert>
        <Textarea
          label={t("key")}
          value={made.key}
          readOnly
          autosize
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <Group>
          <CopyButton value={made.key} label={t("copyKey")} />
        </Group>
        {note !== undefined && <Text>{note}</Text>}
        <HowToUse appId={appId} isGateway={isGateway} />
        <Checkbox
          label={t("iHaveIt")}
          checked={isStored}
          onChange={({ currentTarget: { checked } }) => setStored(checked)}
        />
        <Group justify="flex-end">
          <Button disabled={!isStored} onClick={onClose}>
            {t("done")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** A first call, with a placeholder where the key goes: examples end up in chats and tickets. */
function HowToUse({ appId, isGateway }: { appId: string; isGateway: boolean }) {
  const { t } = useTranslation("keys");
  const example = isGateway ? gatewayExample(appId) : readExample(appId);
  return (
    <Stack gap="xs">
      <Text fw={600}>{t("howTo")}</Text>
      <Text size="sm" c="dimmed">
        {t("howToText")}
      </Text>
      <Code block>{example}</Code>
      <Group>
        <CopyButton value={example} label={t("copyExample")} />
      </Group>
    </Stack>
  );
}

const readExample = (appId: string): string =>
  [
    `curl ${globalThis.location.origin}/v1/apps/${appId} \\`,
    '  -H "Authorization: Bearer $API_KEY"',
  ].join("\n");

const gatewayExample = (appId: string): string =>
  [
    `curl ${globalThis.location.origin}/v1/decisions \\`,
    '  -H "Authorization: Bearer $API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"credential":"…","action":"app:read","appId":"${appId}","address":"203.0.113.7"}'`,
  ].join("\n");
