import { Radio, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useEndSession, type Session } from "./session-api.ts";

/** Ends a session, and asks whether it was one's own: a stranger's is put on record as that. */
export function EndSessionDialog({
  session,
  onClose,
}: {
  session: Session | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("sessions");
  const [reason, setReason] = useState<"not-me" | "signed-out">("signed-out");
  const end = useEndSession();
  const onConfirm = () => {
    if (session === null) return;
    end.mutate(
      { id: session.id, reason },
      {
        onSuccess: () => {
          const key = reason === "not-me" ? "endedNotMe" : "ended";
          notifications.show({ message: t(key, { device: session.userAgent }) });
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      isOpen={session !== null}
      title={t("endTitle")}
      confirmLabel={t("end")}
      isPending={end.isPending}
      error={end.error}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Text>{t("endExplained", { device: session?.userAgent ?? "" })}</Text>
      <Radio.Group
        label={t("wasItYou")}
        value={reason}
        onChange={(value) => setReason(value === "not-me" ? "not-me" : "signed-out")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="signed-out" label={t("itWasMe")} />
          <Radio value="not-me" label={t("notMe")} />
        </Stack>
      </Radio.Group>
    </ConfirmDialog>
  );
}
