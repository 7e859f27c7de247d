import { Select, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { useRevokeKey, type OperatorKey, type RevokeReason } from "./key-api.ts";

const REASONS = ["unspecified", "key_compromise", "superseded", "privilege_withdrawn"] as const;

/** Ends a key for good, with the reason that the log will name. */
export function RevokeKeyDialog({
  operatorKey,
  onClose,
}: {
  operatorKey: OperatorKey | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("operator");
  const [reason, setReason] = useState<RevokeReason>("unspecified");
  const revoke = useRevokeKey();
  const name = operatorKey?.name ?? "";
  return (
    <ConfirmDialog
      isOpen={operatorKey !== null}
      title={t("keys.revokeTitle", { name })}
      confirmLabel={t("keys.revokeConfirm")}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => {
        if (operatorKey === null) return;
        revoke.mutate(
          { id: operatorKey.id, reason },
          {
            onSuccess: () => {
              notifications.show({ message: t("keys.revokedNow", { name }) });
              onClose();
            },
          },
        );
      }}
      onClose={onClose}
    >
      <Text>{t("keys.revokeExplained")}</Text>
      <Select
        label={t("keys.revokeReason")}
        allowDeselect={false}
        data={REASONS.map((value) => ({ value, label: t(`keys.${value}`) }))}
        value={reason}
        onChange={(value) => setReason(REASONS.find((known) => known === value) ?? "unspecified")}
      />
    </ConfirmDialog>
  );
}
