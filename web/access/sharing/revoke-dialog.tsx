import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { revokeGrant, useAccessChange } from "./access-api.ts";

export type Revocable = {
  grantId: string;
  app: { id: string; name: string };
  /** The person, by name. */
  who: string;
  role: string;
};

/** Ends one grant, after saying whose, to what, and that it is at once. */
export function RevokeDialog({ grant, onClose }: { grant: Revocable | null; onClose: () => void }) {
  const { t } = useTranslation("sharing");
  const revoke = useAccessChange(revokeGrant);
  const close = () => {
    revoke.reset();
    onClose();
  };
  const names = { who: grant?.who ?? "", app: grant?.app.name ?? "" };
  return (
    <ConfirmDialog
      isOpen={grant !== null}
      title={t("revokeTitle", names)}
      confirmLabel={t("revoke")}
      isPending={revoke.isPending}
      error={revoke.error}
      onClose={close}
      onConfirm={() => {
        if (grant === null) return;
        revoke.mutate(
          { appId: grant.app.id, grantId: grant.grantId },
          {
            onSuccess: () => {
              notifications.show({ message: t("revoked", names) });
              close();
            },
          },
        );
      }}
    >
      <Text>{t("revokeExplained", names)}</Text>
    </ConfirmDialog>
  );
}
