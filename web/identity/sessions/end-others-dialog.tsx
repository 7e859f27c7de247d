import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useEndOthers, type Session } from "./session-api.ts";

type Props = { isOpen: boolean; others: readonly Session[]; onClose: () => void };

/** Signs out everywhere but here. */
export function EndOthersDialog({ isOpen, others, onClose }: Props) {
  const { t } = useTranslation("sessions");
  const end = useEndOthers();
  const onConfirm = () =>
    end.mutate(undefined, {
      onSuccess: ({ ended }) => {
        notifications.show({ message: t("endedAll", { count: ended }) });
        onClose();
      },
    });
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
      <Text>{t("endAllExplained", { count: others.length })}</Text>
    </ConfirmDialog>
  );
}
