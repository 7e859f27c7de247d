import { Anchor, Button, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { SupportLink } from "../../shell/support-link.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { currentSession, redeemRecoveryCode, reportLost } from "./sign-in-api.ts";

type Props = { onDone: (level: CurrentSession["session"]["level"]) => void; onBack: () => void };

/**
 * For who has no phone. Is it only elsewhere, the code opens a whole session; is it lost, the same code
 * stops the phone's codes and leads to setting up another. What is reached the server says.
 */
export function RecoveryCodeStep({ onDone, onBack }: Props) {
  const { t } = useTranslation("signIn");
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "", phone: "away" } });
  const { submit, error, isPending } = useFormAct(form, async ({ code, phone }) => {
    await (phone === "lost" ? reportLost(code) : redeemRecoveryCode(code));
    onDone((await currentSession()).level);
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("recoveryCodeIntro")}</Text>
        <TextInput
          label={t("recoveryCode")}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="XXXXX-XXXXX"
          autoFocus
          required
          {...form.getInputProps("code")}
        />
        <Radio.Group label={t("phone")} {...form.getInputProps("phone")}>
          <Stack gap="xs" mt="xs">
            <Radio value="away" label={t("phoneAway")} />
            <Radio value="lost" label={t("phoneLost")} />
          </Stack>
        </Radio.Group>
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("signIn")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("noRecoveryCodes")}{" "}
          <Anchor component={Link} to={paths.lostEverything()} size="sm">
            {t("lostEverything")}
          </Anchor>{" "}
          <SupportLink />
        </Text>
        <Anchor component="button" type="button" onClick={onBack}>
          {t("backToCode")}
        </Anchor>
      </Stack>
    </form>
  );
}
