import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { NameField } from "../../ui/name-field.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useAddPasskey } from "./passkey-api.ts";

type Props = { isOpen: boolean; onClose: () => void };

/** A name first, then the browser asks where to keep the passkey. */
export function AddPasskeyDialog({ isOpen, onClose }: Props) {
  const { t } = useTranslation("passkeys");
  return (
    <FormDialog isOpen={isOpen} title={t("addTitle")} onClose={onClose}>
      <AddForm onClose={onClose} />
    </FormDialog>
  );
}

function AddForm({ onClose }: Pick<Props, "onClose">) {
  const { t } = useTranslation("passkeys");
  const add = useAddPasskey();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "" } });
  const act = useFormAct(form, async ({ name }) => {
    const passkey = await add.mutateAsync(name.trim());
    notifications.show({ message: t("wasAdded", { name: passkey.name }) });
    onClose();
  });
  return (
    <DialogForm act={act} intro={t("addIntro")} submitLabel={t("addNow")} onClose={onClose}>
      <NameField form={form} label={t("name")} hint={t("nameHint")} />
    </DialogForm>
  );
}
