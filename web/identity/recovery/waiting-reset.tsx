import { Alert, Button, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { recoveryQuery, useStopRecovery } from "./recovery-api.ts";

/** A reset of the second factors that waits: whoever is signed in has them, and can stop it. Nothing where none does. */
export function WaitingReset() {
  const { t } = useTranslation("recovery");
  const { waiting } = useSuspenseQuery(recoveryQuery).data;
  const stop = useStopRecovery();
  if (waiting === null) return null;
  const onStop = () =>
    stop.mutate(undefined, { onSuccess: () => notifications.show({ message: t("stopped") }) });
  return (
    <Alert color="red" title={t("waitsTitle")} role="status">
      <Stack align="flex-start" gap="xs">
        <Text size="sm">
          {t(waiting.askedBy === "holder" ? "waitsHolder" : "waitsOperator")} {t("waitsUntil")}{" "}
          <Timestamp at={waiting.readyAt} />
        </Text>
        {stop.error !== null && <ErrorAlert error={stop.error} />}
        <Button color="red" size="xs" loading={stop.isPending} onClick={onStop}>
          {t("stop")}
        </Button>
      </Stack>
    </Alert>
  );
}
