import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { ApiProblem } from "../../api/client.ts";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { PasswordField } from "../passwords/password-field.tsx";
import { signIn } from "./sign-in-api.ts";

type Props = { onDone: (level: CurrentSession["session"]["level"]) => void | Promise<void> };

export function PasswordStep({ onDone }: Props) {
  const { t } = useTranslation("signIn");
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ email, password }) => {
    await onDone(await signIn(email, password));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          type="email"
          label={t("email")}
          autoComplete="username"
          required
          data-autofocus
          {...form.getInputProps("email")}
        />
        <PasswordField
          label={t("password")}
          autoComplete="current-password"
          required
          {...form.getInputProps("password")}
        />
        {error !== null && <ErrorAlert error={error} />}
        {error instanceof ApiProblem && error.code === "wrong-credentials" && (
          <Text size="sm" c="dimmed">
            {t("disabled")}
          </Text>
        )}
        <Button type="submit" loading={isPending}>
          {t("signIn")}
        </Button>
        <Anchor component={Link} to={paths.forgotPassword()} size="sm" ta="center">
          {t("forgot")}
        </Anchor>
      </Stack>
    </form>
  );
}
