import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { LinkFrame } from "./link-act.tsx";
import { askLink } from "./recovery-api.ts";

/** For who has forgotten the password. */
export function ForgotPasswordPage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkFrame title={t("forgotTitle")}>
      <AskLink path="/password-resets" intro={t("forgotIntro")} />
    </LinkFrame>
  );
}

/** For who has neither authenticator nor recovery codes nor passkey. */
export function LostEverythingPage() {
  const { t } = useTranslation("recovery");
  return (
    <LinkFrame title={t("lostTitle")}>
      <AskLink path="/recovery" intro={t("lostIntro")} />
    </LinkFrame>
  );
}

/** The same page for every address: only its mailbox learns whether it has an account. */
function AskLink({ path, intro }: { path: "/password-resets" | "/recovery"; intro: string }) {
  const { t } = useTranslation(["recovery", "signIn"]);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ email }) => {
    await askLink(path, email);
    setSentTo(email.trim());
  });
  if (sentTo !== null) return <Text role="status">{t("linkSent", { email: sentTo })}</Text>;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{intro}</Text>
        <TextInput
          type="email"
          label={t("signIn:email")}
          autoComplete="username"
          required
          data-autofocus
          {...form.getInputProps("email")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("sendLink")}
        </Button>
        <Anchor component={Link} to={paths.signIn()} ta="center">
          {t("backToSignIn")}
        </Anchor>
      </Stack>
    </form>
  );
}
