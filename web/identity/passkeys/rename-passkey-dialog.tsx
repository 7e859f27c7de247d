import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../../src/contract/identity/passkeys.ts";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { NameField } from "../../ui/name-field.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useRenamePasskey } from "./passkey-api.ts";

type Props = { passkey: Passkey | null; onClose: () => void };

export function RenamePasskeyDialog({ passkey, onClose }: Props) {
  const { t } = useTranslation("passkeys");
  return (
    <FormDialog isOpen={passkey !== null} title={t("renameTitle")} onClose={onClose}>
      {passkey !== null && <RenamePasskeyForm passkey={passkey} onClose={onClose} />}
    </FormDialog>
  );
}

function RenamePasskeyForm({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation("passkeys");
  const rename = useRenamePasskey();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: passkey.name } });
  const act = useFormAct(form, async ({ name }) => {
    await rename.mutateAsync({ id: passkey.id, name: name.trim() });
    notifications.show({ message: t("wasRenamed", { name: name.trim() }) });
    onClose();
  });
  return (
    <DialogForm act={act} submitLabel={t("rename")} onClose={onClose}>
      <NameField form={form} label={t("name")} hint={t("nameHint")} />
    </DialogForm>
  );
}
