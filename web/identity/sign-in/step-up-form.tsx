import { Anchor, Button, Divider, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { changeInterruption, settleInterruption } from "../../api/interruptions.ts";
import { paths } from "../../paths.ts";
import { Loading } from "../../shell/loading.tsx";
import { CodeField } from "../../ui/code-field.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { canUsePasskeys } from "../passkeys/browser-passkey.ts";
import { stepUpWithPasskey } from "../passkeys/passkey-api.ts";
import { PasskeyButton } from "../passkeys/passkey-button.tsx";
import { ownSessionQuery, stepUp } from "./sign-in-api.ts";

/** "Confirm it's you": a passkey or a fresh code, good for ten minutes. */
export function StepUpForm() {
  const session = useQuery({ ...ownSessionQuery, refetchOnWindowFocus: false, retry: false });
  if (session.isPending) return <Loading />;
  // Whatever hinders the look, a code is what everybody once set up.
  const accepts = session.data?.accepts ?? ["totp"];
  const hasPasskey = accepts.includes("passkey") && canUsePasskeys();
  return <Ways hasPasskey={hasPasskey} hasCode={accepts.includes("totp") || !hasPasskey} />;
}

function Ways({ hasPasskey, hasCode }: { hasPasskey: boolean; hasCode: boolean }) {
  const { t } = useTranslation("signIn");
  return (
    <Stack>
      <Text>{hasPasskey ? t("stepUpIntroPasskey") : t("stepUpIntro")}</Text>
      {hasPasskey && (
        <PasskeyButton
          label={t("usePasskey")}
          act={() => confirmedBy(stepUpWithPasskey())}
          isFirst
        />
      )}
      {hasPasskey && hasCode && <Divider label={t("orCode")} />}
      {hasCode && <CodeForm isFirst={!hasPasskey} />}
    </Stack>
  );
}

/** Five wrong ones, or the session's time was over: a sign-in confirms it as well. */
async function confirmedBy(act: Promise<void>): Promise<void> {
  try {
    await act;
    settleInterruption(true);
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || thrown.code !== "not-signed-in") throw thrown;
    changeInterruption("sign-in");
  }
}

function CodeForm({ isFirst }: { isFirst: boolean }) {
  const { t } = useTranslation("signIn");
  const navigate = useNavigate();
  const form = useForm({ mode: "uncontrolled", initialValues: { code: "" } });
  const { submit, error, isPending } = useFormAct(form, ({ code }) => confirmedBy(stepUp(code)));
  return (
    <form onSubmit={submit}>
      <Stack>
        <CodeField
          label={t("code")}
          required
          {...(isFirst && { autoFocus: true, "data-autofocus": true })}
          {...form.getInputProps("code")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" variant={isFirst ? "filled" : "default"} loading={isPending}>
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
