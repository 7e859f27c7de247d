import { Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useLinkToken } from "../link-token.ts";
import { NewPasswordField } from "../passwords/new-password-field.tsx";
import { DeadLink, LinkFrame, NoLink, ToSignIn } from "./link-act.tsx";
import { resetPassword } from "./recovery-api.ts";

type State = "choose" | "done" | "dead";

/** The link of who has forgotten the password: choose another, then sign in with it and the second factor. */
export function ResetPasswordPage() {
  const { t } = useTranslation("recovery");
  const token = useLinkToken(paths.resetPassword());
  const [state, setState] = useState<State>("choose");
  return (
    <LinkFrame title={t("resetTitle")}>
      {token === null ? (
        <NoLink />
      ) : state === "dead" ? (
        <DeadLink />
      ) : state === "done" ? (
        <Stack role="status">
          <Text>{t("resetDone")}</Text>
          <ToSignIn />
        </Stack>
      ) : (
        <ChooseForm token={token} onState={setState} />
      )}
    </LinkFrame>
  );
}

function ChooseForm({ token, onState }: { token: string; onState: (state: State) => void }) {
  const { t } = useTranslation(["recovery", "password"]);
  const form = useForm({ mode: "uncontrolled", initialValues: { newPassword: "" } });
  const { submit, error, isPending } = useFormAct(form, async ({ newPassword }) => {
    try {
      await resetPassword({ token, newPassword });
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.code !== "dead-link") throw thrown;
      onState("dead");
      return;
    }
    queryClient.clear();
    pageAccount.forget();
    onState("done");
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("resetIntro")}</Text>
        <NewPasswordField
          label={t("password:new")}
          autoFocus
          known={() => []}
          {...form.getInputProps("newPassword")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("resetSubmit")}
        </Button>
      </Stack>
    </form>
  );
}
