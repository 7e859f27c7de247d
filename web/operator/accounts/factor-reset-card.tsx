import { Button, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useFactorReset, type AccountDetails } from "./account-api.ts";

type Props = { account: AccountDetails; onChanged: () => Promise<void> };

/** A reset of somebody's second factors: what it does, what waits, and how it is called off. Not one's own. */
export function FactorResetCard({ account, onChanged }: Props) {
  const { t } = useTranslation("operator");
  const own = useOwnAccount();
  const [isOpen, setOpen] = useState(false);
  const { factorReset: waiting, hasSecondFactor } = account;
  if (account.kind !== "person" || own.id === account.id) return null;
  if (waiting === null && !hasSecondFactor) return null;
  const close = () => setOpen(false);
  return (
    <Card
      title={t("reset.title")}
      intro={t("reset.intro")}
      action={
        <Button variant="light" color="red" onClick={() => setOpen(true)}>
          {t(waiting === null ? "reset.ask" : "reset.cancel")}
        </Button>
      }
    >
      {waiting !== null && (
        <Text>
          {t(waiting.askedBy === "holder" ? "reset.byHolder" : "reset.byOperator")}{" "}
          <Timestamp at={waiting.readyAt} />
        </Text>
      )}
      {isOpen && (
        <ResetDialog
          account={account}
          onClose={close}
          onDone={() => {
            close();
            void onChanged();
          }}
        />
      )}
    </Card>
  );
}

type DialogProps = { account: AccountDetails; onClose: () => void; onDone: () => void };

function ResetDialog({ account, onClose, onDone }: DialogProps) {
  const { t } = useTranslation("operator");
  const change = useFactorReset(account.id);
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const { displayName: name, factorReset } = account;
  const isAsking = factorReset === null;
  const confirm = () => {
    if (isAsking && reason.trim() === "") return setMissing(true);
    change.mutate(isAsking ? reason.trim() : null, {
      onSuccess: () => {
        notifications.show({ message: t(isAsking ? "reset.asked" : "reset.cancelled", { name }) });
        onDone();
      },
    });
  };
  return (
    <ConfirmDialog
      isOpen
      title={t(isAsking ? "reset.askTitle" : "reset.cancelTitle", { name })}
      confirmLabel={t(isAsking ? "reset.ask" : "reset.cancel")}
      isPending={change.isPending}
      error={change.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Text>{t(isAsking ? "reset.askExplained" : "reset.cancelExplained")}</Text>
      {isAsking && (
        <TextInput
          label={t("state.reason")}
          description={t("state.reasonHint")}
          maxLength={400}
          required
          data-autofocus
          value={reason}
          error={isMissing && reason.trim() === "" ? t("state.reasonMissing") : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}
