import { NativeSelect, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useAppChange } from "../apps/app-api.ts";
import { revokeKey, type ApiKey, type RevokeReason } from "./key-api.ts";

/** In the words of the panel; the most usual first. */
const reasons: readonly RevokeReason[] = [
  "unspecified",
  "key_compromise",
  "superseded",
  "affiliation_changed",
  "privilege_withdrawn",
];

type Props = { apiKey: ApiKey; isOpen: boolean; onClose: () => void };

/** Ends a key for good, with the reason that goes on record. */
export function RevokeDialog({ apiKey: key, isOpen, onClose }: Props) {
  const { t } = useTranslation("keys");
  const [reason, setReason] = useState<RevokeReason>("unspecified");
  const revoke = useAppChange((why: RevokeReason) => revokeKey(key.id, why));
  const onConfirm = () =>
    revoke.mutate(reason, {
      onSuccess: () => {
        notifications.show({ message: t("revoked", { name: key.name }) });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t("revokeTitle", { name: key.name })}
      confirmLabel={t("revoke")}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Text>{t("revokeExplained")}</Text>
      {key.lastUsedAt !== null && (
        <Text>
          {t("lastUsed")} <Timestamp at={key.lastUsedAt} as="ago" />
          {key.lastUsedAddress !== null && ` ${t("fromAddress", { address: key.lastUsedAddress })}`}
          .
        </Text>
      )}
      <NativeSelect
        label={t("reason")}
        description={t("reasonHint")}
        value={reason}
        data-autofocus
        onChange={({ currentTarget: { value } }) =>
          setReason(reasons.find((each) => each === value) ?? "unspecified")
        }
        data={reasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
      />
    </ConfirmDialog>
  );
}
