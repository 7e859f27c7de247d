import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OwnAddresses } from "../../../src/contract/identity/addresses.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { addressesQuery, useCancelWaiting, useRemoveBackup } from "./address-api.ts";
import { AddressDialog } from "./address-dialog.tsx";

/** Which address signs in, where else mails go, and what waits to be confirmed. */
export function AddressesCard() {
  const { t } = useTranslation("recovery");
  const { signIn, backup, waiting } = useSuspenseQuery(addressesQuery).data;
  const [open, setOpen] = useQueryValue("address");
  const close = () => setOpen(null);
  return (
    <Card title={t("addresses")} intro={t("addressesIntro")}>
      <RowList label={t("addresses")}>
        <Row
          actions={
            <Button variant="default" size="xs" onClick={() => setOpen("sign-in")}>
              {t("changeSignIn")}
            </Button>
          }
        >
          <Address email={signIn.email}>{t("signsIn")}</Address>
        </Row>
        <Row
          actions={
            <>
              <Button variant="default" size="xs" onClick={() => setOpen("backup")}>
                {t(backup === null ? "addBackup" : "replaceBackup")}
              </Button>
              {backup !== null && (
                <Button variant="light" color="red" size="xs" onClick={() => setOpen("remove")}>
                  {t("removeBackup")}
                </Button>
              )}
            </>
          }
        >
          {backup === null ? (
            <Address email={t("noBackup")}>{t("noBackupWhy")}</Address>
          ) : (
            <Address email={backup.email}>{t("isBackup")}</Address>
          )}
        </Row>
        {waiting.map((change) => (
          <Waiting key={change.kind} change={change} />
        ))}
      </RowList>
      {(open === "sign-in" || open === "backup") && <AddressDialog kind={open} onClose={close} />}
      {open === "remove" && backup !== null && (
        <RemoveDialog email={backup.email} onClose={close} />
      )}
    </Card>
  );
}

function Address({ email, children }: { email: string; children: string }) {
  return (
    <>
      <Text fw={600} style={{ overflowWrap: "anywhere" }}>
        {email}
      </Text>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </>
  );
}

function Waiting({ change: { kind, email, endsAt } }: { change: OwnAddresses["waiting"][number] }) {
  const { t } = useTranslation("recovery");
  const cancel = useCancelWaiting();
  return (
    <Row
      actions={
        <Button
          variant="default"
          size="xs"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(kind)}
        >
          {t(kind === "sign-in" ? "giveUpSignIn" : "giveUpBackup")}
        </Button>
      }
    >
      <Text fw={600} style={{ overflowWrap: "anywhere" }}>
        {email}
      </Text>
      <Group gap={4}>
        <Text size="sm" c="dimmed">
          {t(kind === "sign-in" ? "signInWaits" : "backupWaits")} <Timestamp at={endsAt} />
        </Text>
      </Group>
      {cancel.error !== null && <ErrorAlert error={cancel.error} />}
    </Row>
  );
}

function RemoveDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const { t } = useTranslation("recovery");
  const remove = useRemoveBackup();
  return (
    <ConfirmDialog
      isOpen
      title={t("removeTitle")}
      confirmLabel={t("removeBackup")}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            notifications.show({ message: t("removed", { email }) });
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <Text>{t("removeExplained", { email })}</Text>
    </ConfirmDialog>
  );
}
