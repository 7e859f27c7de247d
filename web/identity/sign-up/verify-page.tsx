import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useLinkToken } from "../link-token.ts";
import { DeadSignUpLink } from "./dead-sign-up-link.tsx";
import { VerifyPasswordForm } from "./verify-password-form.tsx";
import { verifySignUp } from "./sign-up-api.ts";

type State = "confirm" | "needs-password" | "dead";

/**
 * The link of the sign-up's mail. A button sends it: programs that look through mails open links, and
 * must not spend them.
 */
export function VerifyPage() {
  const { t } = useTranslation("signUp");
  const token = useLinkToken(paths.verify());
  const navigate = useNavigate();
  const [state, setState] = useState<State>("confirm");
  const title = t(TITLES[state]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  const goOn = async () => {
    queryClient.clear();
    pageAccount.forget();
    await navigate(paths.welcome(), { replace: true });
  };
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      {token === null ? (
        <Text role="alert">{t("noToken")}</Text>
      ) : (
        <VerifyStep token={token} state={state} onState={setState} onDone={goOn} />
      )}
    </Stack>
  );
}

const TITLES = {
  confirm: "confirmTitle",
  "needs-password": "chooseHere",
  dead: "deadTitle",
} as const satisfies Record<State, string>;

type StepProps = {
  token: string;
  state: State;
  onState: (state: State) => void;
  onDone: () => Promise<void>;
};

function VerifyStep({ token, state, onState, onDone }: StepProps) {
  const { t } = useTranslation("signUp");
  const verify = useMutation({
    mutationFn: () => verifySignUp({ token }),
    onSuccess: onDone,
    onError: (error) => {
      if (wantsPassword(error)) onState("needs-password");
      if (isDeadLink(error)) onState("dead");
    },
  });
  if (state === "dead") return <DeadSignUpLink />;
  if (state === "needs-password")
    return <VerifyPasswordForm token={token} onDone={onDone} onDead={() => onState("dead")} />;
  return (
    <>
      <Text>{t("confirmIntro")}</Text>
      {verify.error !== null && <ErrorAlert error={verify.error} />}
      <Button loading={verify.isPending} onClick={() => verify.mutate()}>
        {t("confirm")}
      </Button>
    </>
  );
}

const isDeadLink = (error: Error): boolean =>
  error instanceof ApiProblem && error.code === "dead-link";

/** Another browser signed up: the server asks for the password at its field. */
const wantsPassword = (error: Error): boolean =>
  error instanceof ApiProblem && error.errors.some(({ pointer }) => pointer === "/password");
