import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "./error-alert.tsx";

type Props = {
  isOpen: boolean;
  title: string;
  /** Names what will happen, and to what. */
  children: ReactNode;
  /** A verb and its object: "Revoke key", never "OK". */
  confirmLabel: string;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
};

/** Before what cannot be undone: the person reads what happens and says so. */
export function ConfirmDialog(props: Props) {
  const { isOpen, title, children, confirmLabel, isPending, error, onConfirm, onClose } = props;
  const { t } = useTranslation("common");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack>
        {children}
        {error !== null && <ErrorAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button color="red" loading={isPending} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
