import { Alert, Button, Stack, Text, Title } from "@mantine/core";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { SignInSteps } from "../../identity/sign-in/sign-in-steps.tsx";
import { whereToFinish } from "../../shell/require-session.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import {
  forgetVisitor,
  isSameAddress,
  signOutHere,
  visitorQuery,
  type Visitor,
} from "./mail-link.ts";

type Props = {
  /** The address that the link is for; null where the server alone knows. */
  email: string | null;
  /** This page, to come back to. */
  path: string;
  /** In place of a sign-in, for an address that has no account yet. */
  stranger?: ReactNode;
  /** What else somebody with another account can do. */
  otherwise?: ReactNode;
  children: (account: NonNullable<Visitor["account"]>) => ReactNode;
};

/** Lets on who is signed in as the right account; everybody else is shown the way there, in place. */
export function AsAccount({ email, path, stranger, otherwise, children }: Props) {
  const { level, account } = useSuspenseQuery(visitorQuery).data;
  if (account !== null && (email === null || isSameAddress(account.email, email)))
    return children(account);
  if (account !== null)
    return <WrongAccount email={email ?? ""} account={account} otherwise={otherwise} />;
  if (level === "needs-enrolment" || level === "needs-new-password")
    return <FinishFirst path={path} level={level} />;
  if (stranger !== undefined && level === null) return stranger;
  return <SignInHere email={email} level={level} />;
}

/** Says which account is needed and which is there, and offers the way on. */
function WrongAccount({
  email,
  account,
  otherwise,
}: {
  email: string;
  account: NonNullable<Visitor["account"]>;
  otherwise?: ReactNode;
}) {
  const { t } = useTranslation("mailLinks");
  const signOut = useMutation({ mutationFn: signOutHere });
  return (
    <Stack>
      <Alert color="orange" role="alert" title={t("wrongAccount")}>
        <Text size="sm">
          {email === ""
            ? t("wrongAccountUnknown", { own: account.email })
            : t("wrongAccountExplained", { email, own: account.email })}
        </Text>
      </Alert>
      {signOut.error !== null && <ErrorAlert error={signOut.error} />}
      <Button loading={signOut.isPending} onClick={() => signOut.mutate()}>
        {t("signOutAndGoOn")}
      </Button>
      {otherwise}
    </Stack>
  );
}

function SignInHere({ email, level }: { email: string | null; level: Visitor["level"] }) {
  const { t } = useTranslation("mailLinks");
  return (
    <Stack>
      <Title order={2}>{t("signInFirst")}</Title>
      <Text>{email === null ? t("signInAny") : t("signInAs", { email })}</Text>
      <SignInSteps
        onDone={() => void forgetVisitor()}
        startAt={level === "needs-second-factor" ? "code" : "password"}
      />
    </Stack>
  );
}

function FinishFirst({ path, level }: { path: string; level: Visitor["level"] }) {
  const { t } = useTranslation("mailLinks");
  return (
    <Stack>
      <Text>{t("finishFirst")}</Text>
      <Button component={Link} to={whereToFinish(level, path)}>
        {t("finish")}
      </Button>
    </Stack>
  );
}
