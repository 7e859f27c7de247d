import { Button, List, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useChangeState, type AccountDetails } from "./account-api.ts";

/** Locks an account, or lets it in again; says first what that does. */
export function StateCard({
  account,
  onChanged,
}: {
  account: AccountDetails;
  onChanged: () => Promise<void>;
}) {
  const { t } = useTranslation("operator");
  const own = useOwnAccount();
  const [isOpen, setOpen] = useState(false);
  const { displayName: name, disabledAt, disabledReason } = account;
  if (own.id === account.id) return <Card title={t("state.title")} intro={t("state.yourself")} />;
  const isDisabled = disabledAt !== null;
  return (
    <Card
      title={t("state.title")}
      intro={t(isDisabled ? "state.isDisabled" : "state.isEnabled")}
      {...(!isDisabled && { tone: "danger" as const })}
      action={
        <Button
          variant={isDisabled ? "filled" : "light"}
          {...(!isDisabled && { color: "red" })}
          onClick={() => setOpen(true)}
        >
          {t(isDisabled ? "state.enable" : "state.disable")}
        </Button>
      }
    >
      {isDisabled && (
        <Text>
          {t("state.since")} <Timestamp at={disabledAt} /> · {disabledReason}
        </Text>
      )}
      {isOpen && (
        <StateDialog
          account={account}
          name={name}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            void onChanged();
          }}
        />
      )}
    </Card>
  );
}

type DialogProps = {
  account: AccountDetails;
  name: string;
  onClose: () => void;
  onDone: () => void;
};

function StateDialog({ account, name, onClose, onDone }: DialogProps) {
  const { t } = useTranslation("operator");
  const change = useChangeState(account.id);
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const isDisabled = account.disabledAt !== null;
  const confirm = () => {
    if (!isDisabled && reason.trim() === "") return setMissing(true);
    change.mutate(
      { disableFor: isDisabled ? null : reason.trim() },
      {
        onSuccess: () => {
          notifications.show({
            message: t(isDisabled ? "state.enabled" : "state.disabled", { name }),
          });
          onDone();
        },
      },
    );
  };
  const effects = isDisabled
    ? [t("state.enableSignIn"), t("state.enableSessions"), t("state.enableMail")]
    : [
        account.kind === "person"
          ? t("state.disableSessions", { count: account.liveSessions })
          : t("state.disableKeys"),
        t("state.disableSignIn"),
        t("state.disableMail"),
        t("state.disableUndo"),
      ];
  return (
    <ConfirmDialog
      isOpen
      title={t(isDisabled ? "state.enableTitle" : "state.disableTitle", { name })}
      confirmLabel={t(isDisabled ? "state.enable" : "state.disable")}
      isPending={change.isPending}
      error={change.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <List spacing={4}>
        {effects.map((effect) => (
          <List.Item key={effect}>{effect}</List.Item>
        ))}
      </List>
      {!isDisabled && (
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
