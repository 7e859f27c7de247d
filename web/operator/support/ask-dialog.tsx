import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { durations } from "../../access/apps/support-api.ts";
import { ApiProblem } from "../../api/client.ts";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useAskForAccess } from "./support-api.ts";

type Props = { isOpen: boolean; onClose: () => void };

/** Asks an app's owners to let the operator read its log. */
export function AskDialog({ isOpen, onClose }: Props) {
  const { t } = useTranslation("operator");
  return (
    <FormDialog isOpen={isOpen} title={t("support.ask")} onClose={onClose}>
      <AskForm onClose={onClose} />
    </FormDialog>
  );
}

function AskForm({ onClose }: Pick<Props, "onClose">) {
  const { t } = useTranslation(["operator", "apps"]);
  const ask = useAskForAccess();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { appId: "", reason: "", hours: "24" },
  });
  const act = useFormAct(form, async ({ appId, reason, hours }) => {
    try {
      await ask.mutateAsync({ appId: appId.trim(), reason: reason.trim(), hours: Number(hours) });
    } catch (thrown) {
      const text = atTheField(thrown);
      if (text === null) throw thrown;
      form.setFieldError("appId", t(text));
      form.getInputNode("appId")?.focus();
      return;
    }
    notifications.show({ message: t("support.sent") });
    onClose();
  });
  return (
    <DialogForm
      act={act}
      intro={t("support.askIntro")}
      submitLabel={t("support.send")}
      onClose={onClose}
    >
      <TextInput
        label={t("support.appId")}
        description={t("support.appIdHint")}
        required
        maxLength={36}
        data-autofocus
        key={form.key("appId")}
        {...form.getInputProps("appId")}
      />
      <TextInput
        label={t("support.reason")}
        description={t("support.reasonHint")}
        required
        maxLength={400}
        key={form.key("reason")}
        {...form.getInputProps("reason")}
      />
      <NativeSelect
        label={t("support.hours")}
        data={durations.map((hours) => ({ value: hours, label: t(`apps:durations.${hours}`) }))}
        key={form.key("hours")}
        {...form.getInputProps("hours")}
      />
    </DialogForm>
  );
}

/** What only the app that was named can be the reason of. */
function atTheField(thrown: unknown) {
  if (!(thrown instanceof ApiProblem)) return null;
  if (thrown.code === "not-found") return "operator:support.noSuchApp";
  return thrown.code === "conflict" ? "operator:support.alreadyAsked" : null;
}
