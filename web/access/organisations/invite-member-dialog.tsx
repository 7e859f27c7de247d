import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { useAccessChange } from "../sharing/access-api.ts";
import { inviteMember, type Organisation } from "./organisation-api.ts";

const roles = ["owner", "officer"] as const;

type Props = { organisation: Organisation; onClose: () => void };

/** Invites an owner or officer; says what each may do. */
export function InviteMemberDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { t } = useTranslation("organisations");
  return (
    <FormDialog
      isOpen={isOpen}
      title={t("inviteTitle", { organisation: props.organisation.name })}
      onClose={props.onClose}
    >
      <InviteForm {...props} />
    </FormDialog>
  );
}

function InviteForm({ organisation, onClose }: Props) {
  const { t } = useTranslation(["organisations", "roles"]);
  const roleName = useRoleName();
  const invite = useAccessChange(inviteMember);
  const form = useForm<{ email: string; role: string }>({
    mode: "uncontrolled",
    initialValues: { email: "", role: "officer" },
  });
  const act = useFormAct(form, async ({ email, role }) => {
    await invite.mutateAsync({
      organisationId: organisation.id,
      email: email.trim(),
      role: role === "owner" ? "owner" : "officer",
    });
    notifications.show({ message: t("invitedNotice", { email: email.trim() }) });
    onClose();
  });
  return (
    <DialogForm act={act} submitLabel={t("sendInvitation")} onClose={onClose}>
      <TextInput
        type="email"
        label={t("email")}
        autoComplete="off"
        maxLength={254}
        required
        data-autofocus
        {...form.getInputProps("email")}
      />
      <Radio.Group label={t("asWhat")} {...form.getInputProps("role")}>
        <Stack gap="xs" mt="xs">
          {roles.map((role) => (
            <Radio
              key={role}
              value={role}
              label={roleName(role)}
              description={t(`roles:purposes.${role}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {t("inviteNext")}
      </Text>
    </DialogForm>
  );
}
