import { NativeSelect } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { NameField } from "../../ui/name-field.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useSteadyNow } from "../../ui/use-steady-now.ts";
import { useApp, useAppChange } from "../apps/app-api.ts";
import { useRoleName, useRolePurpose } from "../roles/role-texts.ts";
import { rolesQuery } from "../sharing/access-api.ts";
import { EndFields } from "../sharing/end-fields.tsx";
import { endOf, NO_END } from "../sharing/end.ts";
import { createServiceAccount } from "./service-account-api.ts";

type Props = { isOpen: boolean; onClose: () => void };

/** Makes an account for a program: what it is called, what it may do, for how long. */
export function NewServiceAccountDialog({ isOpen, onClose }: Props) {
  const { t } = useTranslation("serviceAccounts");
  return (
    <FormDialog isOpen={isOpen} title={t("newTitle")} onClose={onClose}>
      <NewServiceAccountForm onClose={onClose} />
    </FormDialog>
  );
}

function NewServiceAccountForm({ onClose }: Pick<Props, "onClose">) {
  const { t } = useTranslation("serviceAccounts");
  const { latest, form, end, setEnd, roles, act } = useNewServiceAccount();
  return (
    <DialogForm act={act} intro={t("newExplained")} submitLabel={t("make")} onClose={onClose}>
      <NameField form={form} label={t("name")} hint={t("nameHint")} />
      <NativeSelect
        label={t("role")}
        description={t("roleHint")}
        required
        data={roles}
        key={form.key("role")}
        {...form.getInputProps("role")}
      />
      <EndFields
        label={t("end")}
        value={end}
        onChange={setEnd}
        latest={latest}
        error={form.errors["expiresAt"]}
      />
    </DialogForm>
  );
}

/** The form, and its way to the new account's page. */
function useNewServiceAccount() {
  const { t } = useTranslation("serviceAccounts");
  const app = useApp();
  const navigate = useNavigate();
  const create = useAppChange((given: Parameters<typeof createServiceAccount>[1]) =>
    createServiceAccount(app.id, given),
  );
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", role: "", expiresAt: "" },
  });
  const now = useSteadyNow();
  const [end, setEnd] = useState(NO_END);
  const roles = useRoleChoices();
  const act = useFormAct(form, async ({ name, role }) => {
    const expiresAt = endOf(end, now())?.toISOString();
    const given = { name, role: role === "" ? (roles[0]?.value ?? "") : role };
    const { id } = await create.mutateAsync({
      ...given,
      ...(expiresAt !== undefined && { expiresAt }),
    });
    notifications.show({ message: t("made", { name }) });
    await navigate(paths.serviceAccount(app.id, id));
  });
  return { act, latest: app.expiresAt, form, end, setEnd, roles };
}

/** Roles that the person may give: nobody gives more than they hold. */
function useRoleChoices(): { value: string; label: string }[] {
  const app = useApp();
  const { roles } = useSuspenseQuery(rolesQuery(app.id)).data;
  const roleName = useRoleName();
  const rolePurpose = useRolePurpose();
  const held = new Set(app.permissions);
  return roles
    .filter(({ permissions }) => permissions.every((key) => held.has(key)))
    .map((role) => {
      const purpose = rolePurpose(role);
      const label = roleName(role.name);
      return { value: role.name, label: purpose === "" ? label : `${label} – ${purpose}` };
    });
}
