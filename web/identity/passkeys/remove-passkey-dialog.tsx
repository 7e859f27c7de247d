import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../../src/contract/identity/passkeys.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useRemovePasskey } from "./passkey-api.ts";

type Props = { passkey: Passkey | null; onClose: () => void };

/** Before it opens nothing any more; the device keeps its part until that is deleted there. */
export function RemovePasskeyDialog({ passkey, onClose }: Props) {
  const { t } = useTranslation("passkeys");
  const remove = useRemovePasskey();
  const onConfirm = () => {
    if (passkey === null) return;
    remove.mutate(passkey.id, {
      onSuccess: () => {
        notifications.show({ message: t("wasRemoved", { name: passkey.name }) });
        onClose();
      },
    });
  };
  return (
    <ConfirmDialog
      isOpen={passkey !== null}
      title={t("removeTitle")}
      confirmLabel={t("removeNow")}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={onConfirm}
      onClose={() => {
        remove.reset();
        onClose();
      }}
    >
      <Text>{t("removeExplained", { name: passkey?.name ?? "" })}</Text>
      <Text>{t("removeOnDevice")}</Text>
    </ConfirmDialog>
  );
}
