import { Select } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { NameField } from "../../ui/name-field.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { createApp, useAppChange } from "./app-api.ts";
import { organisationsQuery } from "../organisations/organisation-api.ts";

type Props = { isOpen: boolean; onClose: () => void };

/** A name is all that an app needs; which organisation is asked only where there is a choice. */
export function NewAppDialog({ isOpen, onClose }: Props) {
  const { t } = useTranslation("apps");
  return (
    <FormDialog isOpen={isOpen} title={t("newTitle")} onClose={onClose}>
      <NewAppForm onClose={onClose} />
    </FormDialog>
  );
}

function NewAppForm({ onClose }: Pick<Props, "onClose">) {
  const { t } = useTranslation("apps");
  const navigate = useNavigate();
  const { organisations: all = [] } = useQuery(organisationsQuery).data ?? {};
  const organisations = all.filter(({ role }) => role === "owner");
  const create = useAppChange(createApp);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", organisationId: "" },
  });
  const act = useFormAct(form, async ({ name, organisationId }) => {
    const chosen = organisationId === "" ? organisations[0]?.id : organisationId;
    const app = await create.mutateAsync({
      name,
      ...(chosen !== undefined && { organisationId: chosen }),
    });
    notifications.show({ message: t("made", { name: app.name }) });
    await navigate(paths.app(app.id));
  });
  return (
    <DialogForm act={act} intro={t("newExplained")} submitLabel={t("make")} onClose={onClose}>
      <NameField form={form} label={t("name")} hint={t("nameHint")} />
      {organisations.length > 1 && (
        <Select
          label={t("organisation")}
          description={t("organisationHint")}
          data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
          defaultValue={organisations[0]?.id ?? null}
          allowDeselect={false}
          error={form.errors["organisationId"]}
          onChange={(value) => form.setFieldValue("organisationId", value ?? "")}
        />
      )}
    </DialogForm>
  );
}
