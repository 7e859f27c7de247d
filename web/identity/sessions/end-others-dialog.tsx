import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useEndSessions, type Session } from "./session-api.ts";

type Props = { isOpen: boolean; others: readonly Session[]; onClose: () => void };

/** Signs out everywhere but here. */
export function EndOthersDialog({ isOpen, others, onClose }: Props) {
  const { t } = useTranslation("sessions");
  const end = useEndSessions();
  const count = others.length;
  const onConfirm = () =>
    end.mutate(
      others.map(({ id }) => id),
      {
        onSuccess: () => {
          notifications.show({ message: t("endedAll", { count }) });
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t("endAllTitle")}
      confirmLabel={t("endAll")}
      isPending={end.isPending}
      error={end.error}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Text>{t("endAllExplained", { count })}</Text>
    </ConfirmDialog>
  );
}
