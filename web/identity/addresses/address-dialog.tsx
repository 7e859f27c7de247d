import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useAskAddress, type AddressKind } from "./address-api.ts";

/** Another address: says first what will happen, and that nothing does before its mail's link was used. */
export function AddressDialog({ kind, onClose }: { kind: AddressKind; onClose: () => void }) {
  const { t } = useTranslation(["recovery", "common", "signIn"]);
  const ask = useAskAddress(kind);
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ email }) => {
    await ask.mutateAsync(email);
    notifications.show({ message: t("asked", { email: email.trim() }) });
    onClose();
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(kind === "sign-in" ? "signInTitle" : "backupTitle")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text>{t(kind === "sign-in" ? "signInExplained" : "backupExplained")}</Text>
          <TextInput
            type="email"
            label={t("signIn:email")}
            autoComplete="email"
            required
            data-autofocus
            {...form.getInputProps("email")}
          />
          {error !== null && <ErrorAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={isPending}>
              {t("sendLink")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
