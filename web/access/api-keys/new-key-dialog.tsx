import { NativeSelect, TextInput } from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm, FormDialog } from "../../ui/form-dialog.tsx";
import { NameField } from "../../ui/name-field.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useSteadyNow } from "../../ui/use-steady-now.ts";
import { APPS } from "../apps/app-api.ts";
import type { ServiceAccount } from "../service-accounts/service-account-api.ts";
import { createKey, type KeyCreated } from "./key-api.ts";
import { expiryOf, expiryPresets, type ExpiryChoice } from "./key-expiry.ts";
import { KeyOnceDialog } from "./key-once.tsx";

type Props = { account: ServiceAccount; isOpen: boolean; onClose: () => void };

/** Makes a key and shows it, once. No cache of replies ever holds it. */
export function NewKeyDialog({ account, isOpen, onClose }: Props) {
  const { t } = useTranslation("keys");
  const queryClient = useQueryClient();
  const [made, setMade] = useState<KeyCreated | null>(null);
  const onMade = (key: KeyCreated) => {
    setMade(key);
    onClose();
    void queryClient.invalidateQueries({ queryKey: [APPS] });
  };
  return (
    <>
      <FormDialog
        isOpen={isOpen && made === null}
        title={t("newTitle", { name: account.name })}
        onClose={onClose}
      >
        <NewKeyForm account={account} onMade={onMade} onClose={onClose} />
      </FormDialog>
      {made !== null && (
        <KeyOnceDialog
          made={made}
          appId={account.appId}
          isGateway={account.role === "gateway"}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

type FormProps = Omit<Props, "isOpen"> & { onMade: (key: KeyCreated) => void };

function NewKeyForm({ account, onMade, onClose }: FormProps) {
  const { t } = useTranslation("keys");
  const now = useSteadyNow();
  const [choice, setChoice] = useState<ExpiryChoice>("365");
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { name: "", expiresAt: "" },
  });
  const act = useFormAct(form, async ({ name, expiresAt: date }) => {
    const end = expiryOf(choice, date, now());
    if (end === undefined) {
      form.setFieldError("expiresAt", t("pickDay"));
      return;
    }
    const given = { name, ...(end !== null && { expiresAt: end.toISOString() }) };
    onMade(await createKey(account.id, given));
  });
  return (
    <DialogForm act={act} intro={t("newExplained")} submitLabel={t("make")} onClose={onClose}>
      <NameField form={form} label={t("name")} hint={t("nameHint")} />
      <ExpiryFields form={form} choice={choice} setChoice={setChoice} />
    </DialogForm>
  );
}

type ExpiryProps = {
  form: UseFormReturnType<{ name: string; expiresAt: string }>;
  choice: ExpiryChoice;
  setChoice: (choice: ExpiryChoice) => void;
};

/** How long the key works: a preset, or a day. */
function ExpiryFields({ form, choice, setChoice }: ExpiryProps) {
  const { t } = useTranslation("keys");
  return (
    <>
      <NativeSelect
        label={t("expiry")}
        description={t("expiryHint")}
        value={choice}
        error={choice === "date" ? undefined : form.errors["expiresAt"]}
        onChange={({ currentTarget: { value } }) => setChoice(toChoice(value))}
        data={[
          ...expiryPresets.map((days) => ({ value: days, label: t(`presets.${days}`) })),
          { value: "date", label: t("presets.date") },
        ]}
      />
      {choice === "date" && (
        <TextInput
          type="date"
          label={t("lastDay")}
          required
          key={form.key("expiresAt")}
          {...form.getInputProps("expiresAt")}
        />
      )}
    </>
  );
}

const toChoice = (value: string): ExpiryChoice =>
  expiryPresets.find((days) => days === value) ?? "date";
