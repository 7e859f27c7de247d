import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm, type UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../ui/copy-button.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { ApiProblem } from "../../api/client.ts";
import { failureText } from "../../api/failure-text.ts";
import { useCreateKey } from "./key-api.ts";

/** Makes a key in two steps: what it may, then the key itself, which is shown this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const [made, setMade] = useState<string | null>(null);
  const isShown = made !== null;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(isShown ? "operator:keys.shown" : "operator:keys.new")}
      // A slip beside the dialog would lose the only sight of the key.
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {isShown ? <ShownOnce text={made} onClose={onClose} /> : <NewKeyForm onMade={setMade} />}
    </Modal>
  );
}

function ShownOnce({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useTranslation("operator");
  return (
    <Stack>
      <Alert color="orange" variant="light">
        {t("keys.shownOnce")}
      </Alert>
      <pre style={{ whiteSpace: "pre-wrap", margin: 0 }} data-testid="new-key">
        {text}
      </pre>
      <Group justify="space-between">
        <CopyButton value={text} label={t("keys.copy")} />
        <Button onClick={onClose}>{t("keys.kept")}</Button>
      </Group>
    </Stack>
  );
}

const SCOPES = ["decide", "provision", "report"] as const;
type Scope = (typeof SCOPES)[number];
type Values = { name: string; scopes: Scope[]; addresses: string; expiresAt: string };

const linesOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);

function NewKeyForm({ onMade }: { onMade: (key: string) => void }) {
  const { t } = useTranslation("operator");
  const create = useCreateKey();
  const form = useForm<Values>({
    mode: "uncontrolled",
    initialValues: { name: "", scopes: [], addresses: "", expiresAt: "" },
    validate: {
      name: (name) => (name.trim() === "" ? t("keys.nameMissing") : null),
      scopes: (scopes) => (scopes.length === 0 ? t("keys.scopesMissing") : null),
      addresses: (text) => (linesOf(text).length === 0 ? t("keys.addressesMissing") : null),
    },
  });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    const addresses = linesOf(values.addresses);
    try {
      const { key } = await create.mutateAsync({
        name: values.name.trim(),
        scopes: values.scopes,
        addresses,
        ...(values.expiresAt !== "" && { expiresAt: endOf(values.expiresAt) }),
      });
      onMade(key);
    } catch (thrown) {
      throw atTheField(thrown, addresses);
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <KeyFields form={form} />
        <Text size="sm" c="dimmed">
          {t("keys.mightiness")}
        </Text>
        {error !== null && <ErrorAlert error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isPending}>
            {t("keys.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function KeyFields({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation("operator");
  return (
    <>
      <TextInput
        label={t("keys.name")}
        description={t("keys.nameHint")}
        required
        maxLength={120}
        data-autofocus
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
      <Checkbox.Group
        label={t("keys.scopes")}
        required
        key={form.key("scopes")}
        {...form.getInputProps("scopes")}
      >
        <Stack gap="xs" mt="xs">
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              label={t(`keys.${scope}`)}
              description={t(`keys.${scope}Hint`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label={t("keys.addresses")}
        description={t("keys.addressesHint")}
        required
        autosize
        minRows={2}
        key={form.key("addresses")}
        {...form.getInputProps("addresses")}
      />
      <TextInput
        type="date"
        label={t("keys.expiresAt")}
        description={t("keys.expiresAtHint")}
        key={form.key("expiresAt")}
        {...form.getInputProps("expiresAt")}
      />
    </>
  );
}

/** The day named is the last one, in the reader's own zone. */
const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();

/** The server names the line; here all lines are one field, which says which of them it is. */
function atTheField(thrown: unknown, addresses: readonly string[]): unknown {
  if (!(thrown instanceof ApiProblem)) return thrown;
  const errors = thrown.errors.map((failure) => {
    const index = /^\/addresses\/(\d+)$/.exec(failure.pointer)?.[1];
    if (index === undefined) return failure;
    const words = `${addresses[Number(index)] ?? ""}: ${failureText(failure)}`;
    return { ...failure, pointer: "/addresses", words };
  });
  return new ApiProblem(thrown.code, { ...thrown.body, errors }, thrown.retryAfterSeconds);
}
