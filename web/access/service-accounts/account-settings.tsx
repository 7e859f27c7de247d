import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { RenameForm } from "../../ui/rename-form.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useAppChange } from "../apps/app-api.ts";
import {
  changeServiceAccount,
  deleteServiceAccount,
  type ServiceAccount,
} from "./service-account-api.ts";

/** What a service account is called, whether it works, and its end. */
export function AccountSettings({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  return (
    <Card title={t("settings")}>
      <NameSetting account={account} />
      <PauseSetting account={account} />
      <DeleteSetting account={account} />
    </Card>
  );
}

function NameSetting({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  const change = useAppChange((name: string) => changeServiceAccount(account.id, { name }));
  return (
    <RenameForm
      name={account.name}
      label={t("name")}
      submitLabel={t("rename")}
      onRename={async (name) => {
        await change.mutateAsync(name);
        notifications.show({ message: t("renamed", { name }) });
      }}
    />
  );
}

function PauseSetting({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  const [open, setOpen] = useQueryValue("open");
  const change = useAppChange((disabled: boolean) =>
    changeServiceAccount(account.id, { disabled }),
  );
  const { name, disabled, liveKeys } = account;
  const onConfirm = () =>
    change.mutate(!disabled, {
      onSuccess: () => {
        notifications.show({ message: t(disabled ? "enabledDone" : "disabledDone", { name }) });
        setOpen(null);
      },
    });
  return (
    <Group justify="space-between">
      <Text flex={1} miw={220} c="dimmed">
        {t(disabled ? "enableHint" : "disableHint")}
      </Text>
      <Button variant="default" onClick={() => setOpen("pause")}>
        {t(disabled ? "enable" : "disable")}
      </Button>
      <ConfirmDialog
        isOpen={open === "pause"}
        title={t(disabled ? "enableTitle" : "disableTitle", { name })}
        confirmLabel={t(disabled ? "enable" : "disable")}
        isPending={change.isPending}
        error={change.error}
        onConfirm={onConfirm}
        onClose={() => setOpen(null)}
      >
        <Text>{t(disabled ? "enableExplained" : "disableExplained", { count: liveKeys })}</Text>
      </ConfirmDialog>
    </Group>
  );
}

function DeleteSetting({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation("serviceAccounts");
  const navigate = useNavigate();
  const [open, setOpen] = useQueryValue("open");
  const remove = useAppChange(() => deleteServiceAccount(account.id), { isGone: true });
  const { name, liveKeys, appId } = account;
  const onConfirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: t("deleted", { name }) });
        void navigate(paths.serviceAccounts(appId), { replace: true });
      },
    });
  return (
    <Group justify="space-between">
      <Text flex={1} miw={220} c="dimmed">
        {t("deleteHint")}
      </Text>
      <Button variant="light" color="red" onClick={() => setOpen("delete")}>
        {t("delete")}
      </Button>
      <ConfirmDialog
        isOpen={open === "delete"}
        title={t("deleteTitle", { name })}
        confirmLabel={t("delete")}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={onConfirm}
        onClose={() => setOpen(null)}
      >
        <Text>{t("deleteExplained", { count: liveKeys })}</Text>
      </ConfirmDialog>
    </Group>
  );
}
