import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { changeInterruption, settleInterruption } from "../../api/interruptions.ts";
import { paths } from "../../paths.ts";
import { CodeField } from "../../ui/code-field.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { stepUp } from "./sign-in-api.ts";

/** "Confirm it's you": a fresh code, good for ten minutes. */
export function StepUpForm() {
  const { t } = useTranslation("signIn");
  const navigate = useNavigate();
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ code }) => {
    try {
      await stepUp(code);
      settleInterruption(true);
    } catch (thrown) {
      // Five wrong codes, or its time was over: a sign-in confirms it as well.
      if (!(thrown instanceof ApiProblem) || thrown.code !== "not-signed-in") throw thrown;
      changeInterruption("sign-in");
    }
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("stepUpIntro")}</Text>
        <CodeField
          label={t("code")}
          data-autofocus
          autoFocus
          required
          {...form.getInputProps("code")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("confirm")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("waitForNext")}
        </Text>
        <Anchor
          component="button"
          type="button"
          onClick={() => {
            settleInterruption(false);
            void navigate(paths.twoFactor({ do: "lost" }));
          }}
        >
          {t("lostPhone")}
        </Anchor>
      </Stack>
    </form>
  );
}
