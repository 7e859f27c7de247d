import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Loading } from "../../shell/loading.tsx";
import type { OneApp } from "../apps/app-api.ts";
import {
  grantsQuery,
  invitationsQuery,
  useAccessChange,
  type Grant,
} from "../sharing/access-api.ts";
import { RoleSelect } from "../sharing/role-select.tsx";
import { deleteRole, type Role } from "./role-api.ts";

type Props = { app: OneApp; role: Role | null; onClose: () => void };

/**
 * Deletes a role that nobody has. Whoever has it is shown first, with another role to choose in place:
 * nobody is left without access by accident.
 */
export function DeleteRoleDialog({ role, ...props }: Props) {
  if (role === null) return null;
  return (
    <Suspense fallback={<Loading />}>
      <DeleteRole role={role} {...props} />
    </Suspense>
  );
}

function DeleteRole({ app, role, onClose }: Props & { role: Role }) {
  const { t } = useTranslation("roles");
  const { grants } = useSuspenseQuery(grantsQuery(app.id)).data;
  const { invitations } = useSuspenseQuery(invitationsQuery).data;
  const remove = useAccessChange(deleteRole);
  const holders = grants.filter((grant) => grant.role === role.name);
  const invited = invitations.filter(
    ({ status, apps }) =>
      status !== "expired" &&
      apps.some((part) => part.app.id === app.id && part.role === role.name),
  );
  if (holders.length + invited.length > 0)
    return (
      <InUse
        app={app}
        role={role}
        onClose={onClose}
        holders={holders}
        invited={invited.map(({ email }) => email)}
      />
    );
  return (
    <ConfirmDialog
      isOpen
      title={t("deleteTitle", { role: role.name })}
      confirmLabel={t("delete")}
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(
          { appId: app.id, name: role.name },
          {
            onSuccess: () => {
              notifications.show({ message: t("deleted", { role: role.name }) });
              onClose();
            },
          },
        )
      }
    >
      <Text>{t("deleteExplained", { role: role.name, app: app.name })}</Text>
    </ConfirmDialog>
  );
}

type InUseProps = {
  app: OneApp;
  role: Role;
  holders: readonly Grant[];
  invited: readonly string[];
  onClose: () => void;
};

function InUse({ app, role, holders, invited, onClose }: InUseProps) {
  const { t } = useTranslation(["roles", "common"]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("inUseTitle", { role: role.name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Stack>
        <Text>{t("inUseExplained")}</Text>
        <Stack component="ul" gap="xs" m={0} p={0}>
          {holders.map(({ id, account }) => (
            <Group key={id} component="li" justify="space-between" className="grant-line">
              <Text size="sm">{account.displayName}</Text>
              {account.kind === "person" ? (
                <RoleSelect app={app} grant={{ id, role: role.name }} who={account.displayName} />
              ) : (
                <Text size="sm">{t("aServiceAccount")}</Text>
              )}
            </Group>
          ))}
        </Stack>
        {invited.length > 0 && (
          <>
            <Text size="sm">{t("inUseInvited")}</Text>
            <List size="sm">
              {invited.map((email) => (
                <List.Item key={email}>{email}</List.Item>
              ))}
            </List>
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
