import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../ui/copy-button.tsx";

/** The secret that signs what is sent: on the screen this once. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation("streams");
  return (
    <Stack>
      <Alert color="orange" variant="light">
        {t("shownOnce")}
      </Alert>
      <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", margin: 0 }}>{secret}</pre>
      <Text size="sm" c="dimmed">
        {t("verifyHint")}
      </Text>
      <Group justify="space-between">
        <CopyButton value={secret} label={t("copySecret")} />
        <Button onClick={onClose}>{t("kept")}</Button>
      </Group>
    </Stack>
  );
}
