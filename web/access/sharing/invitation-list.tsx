import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { RowList } from "../../ui/list.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { cancelInvitation, resendInvitation, useAccessChange } from "./access-api.ts";
import { InvitationRow, type Waiting } from "./invitation-row.tsx";

/** Invitations that wait, each to be sent again or cancelled. */
export function InvitationList({
  invitations,
  label,
}: {
  invitations: readonly Waiting[];
  label: string;
}) {
  const [resending, setResending] = useQueryValue("resend");
  const [cancelling, setCancelling] = useQueryValue("cancel");
  const find = (id: string | null) => invitations.find((each) => each.id === id) ?? null;
  return (
    <>
      <RowList label={label}>
        {invitations.map((invitation) => (
          <InvitationRow
            key={invitation.id}
            invitation={invitation}
            onResend={() => setResending(invitation.id)}
            onCancel={() => setCancelling(invitation.id)}
          />
        ))}
      </RowList>
      <ResendDialog invitation={find(resending)} onClose={() => setResending(null)} />
      <CancelDialog invitation={find(cancelling)} onClose={() => setCancelling(null)} />
    </>
  );
}

type DialogProps = { invitation: Waiting | null; onClose: () => void };

function ResendDialog({ invitation, onClose }: DialogProps) {
  const { t } = useTranslation(["sharing", "common"]);
  const resend = useAccessChange(resendInvitation);
  const email = invitation?.email ?? "";
  const close = () => {
    resend.reset();
    onClose();
  };
  const send = () => {
    if (invitation === null) return;
    resend.mutate(invitation.id, {
      onSuccess: () => {
        notifications.show({ message: t("resent", { email }) });
        close();
      },
    });
  };
  return (
    <Modal
      opened={invitation !== null}
      onClose={close}
      title={t("resendTitle")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Stack>
        <Text>{t("resendExplained", { email })}</Text>
        {resend.error !== null && <ErrorAlert error={resend.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common:cancel")}
          </Button>
          <Button loading={resend.isPending} onClick={send}>
            {t("resend")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function CancelDialog({ invitation, onClose }: DialogProps) {
  const { t } = useTranslation("sharing");
  const cancel = useAccessChange(cancelInvitation);
  const email = invitation?.email ?? "";
  const close = () => {
    cancel.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={invitation !== null}
      title={t("cancelTitle")}
      confirmLabel={t("cancelInvitation")}
      isPending={cancel.isPending}
      error={cancel.error}
      onClose={close}
      onConfirm={() => {
        if (invitation === null) return;
        cancel.mutate(invitation.id, {
          onSuccess: () => {
            notifications.show({ message: t("cancelled", { email }) });
            close();
          },
        });
      }}
    >
      <Text>{t("cancelExplained", { email })}</Text>
    </ConfirmDialog>
  );
}
