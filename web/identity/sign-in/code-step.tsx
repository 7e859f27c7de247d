import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { CodeField } from "../../ui/code-field.tsx";
import { ApiProblem } from "../../api/client.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { verifyCode, type OwnSession } from "./sign-in-api.ts";

type Props = {
  onDone: (level: OwnSession["level"]) => void;
  onLost: () => void;
  onRestart: () => void;
};

export function CodeStep({ onDone, onLost, onRestart }: Props) {
  const { t } = useTranslation("signIn");
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ code }) => {
    onDone(await verifyCode(code));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("codeIntro")}</Text>
        <CodeField label={t("code")} autoFocus required {...form.getInputProps("code")} />
        {error !== null && <ErrorAlert error={error} />}
        {error instanceof ApiProblem && error.code === "not-signed-in" && (
          <Button variant="default" onClick={onRestart}>
            {t("startAgain")}
          </Button>
        )}
        <Button type="submit" loading={isPending}>
          {t("signIn")}
        </Button>
        <Group justify="space-between">
          <Anchor component="button" type="button" onClick={onLost}>
            {t("lostPhone")}
          </Anchor>
          <Anchor component="button" type="button" onClick={onRestart}>
            {t("otherAccount")}
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}
