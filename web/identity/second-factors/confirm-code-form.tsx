import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { CodeField } from "../../ui/code-field.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { confirmEnrolment } from "./factor-api.ts";

type Props = {
  isBeginning: boolean;
  onBegin: () => void;
  onConfirmed: (recoveryCodes: string[]) => void;
};

/** The first code proves that the phone works. */
export function ConfirmCodeForm({ isBeginning, onBegin, onConfirmed }: Props) {
  const { t } = useTranslation("twoFactor");
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ code }) => {
    onConfirmed(await confirmEnrolment(code));
  });
  // The secret waited for longer than the server keeps it.
  const isTooOld = error instanceof ApiProblem && error.code === "conflict";
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("codeIntro")}</Text>
        <CodeField label={t("code")} required {...form.getInputProps("code")} />
        {isTooOld && (
          <Alert color="orange" role="alert">
            <Group justify="space-between">
              <Text>{t("tooOld")}</Text>
              <Button variant="default" size="xs" loading={isBeginning} onClick={onBegin}>
                {t("beginAgain")}
              </Button>
            </Group>
          </Alert>
        )}
        {error !== null && !isTooOld && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("confirm")}
        </Button>
      </Stack>
    </form>
  );
}
