import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { SignUpRequest } from "../../../src/contract/identity/accounts.ts";
import { ApiProblem } from "../../api/client.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { NewPasswordField } from "../passwords/new-password-field.tsx";
import { signUp } from "./sign-up-api.ts";

type Props = { typed: SignUpRequest; onDone: (typed: SignUpRequest) => void };

export function SignUpForm({ typed, onDone }: Props) {
  const { t } = useTranslation("signUp");
  const form = useForm({ mode: "uncontrolled", initialValues: typed });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    await signUp(values);
    onDone(values);
  });
  const isClosed = error instanceof ApiProblem && error.code === "forbidden";
  const known = () => [form.getValues().email, form.getValues().displayName];
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("name")}
          description={t("nameHint")}
          autoComplete="name"
          required
          {...form.getInputProps("displayName")}
        />
        <TextInput
          type="email"
          label={t("address")}
          autoComplete="username"
          required
          {...form.getInputProps("email")}
        />
        <NewPasswordField label={t("password")} known={known} {...form.getInputProps("password")} />
        {isClosed && (
          <Alert color="orange" role="alert">
            {t("closed")}
          </Alert>
        )}
        {error !== null && !isClosed && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}
