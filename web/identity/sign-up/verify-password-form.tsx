import { Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { NewPasswordField } from "../passwords/new-password-field.tsx";
import { verifySignUp } from "./sign-up-api.ts";

type Props = { token: string; onDone: () => Promise<void>; onDead: () => void };

const NOTHING_KNOWN: readonly string[] = [];

/** For who opens the link elsewhere than where they signed up: a password of their own. */
export function VerifyPasswordForm({ token, onDone, onDead }: Props) {
  const { t } = useTranslation("signUp");
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ password }) => {
    try {
      await verifySignUp({ token, password });
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.code !== "dead-link") throw thrown;
      onDead();
      return;
    }
    await onDone();
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("chooseHereIntro")}</Text>
        <NewPasswordField
          label={t("password")}
          autoFocus
          known={() => NOTHING_KNOWN}
          {...form.getInputProps("password")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("setPassword")}
        </Button>
      </Stack>
    </form>
  );
}
