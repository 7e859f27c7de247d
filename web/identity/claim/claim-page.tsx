import { Button, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ApiProblem } from "../../api/client.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { whereToFinish } from "../../shell/require-session.ts";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useOwnAccount } from "../account/account-api.ts";
import { useLinkToken } from "../link-token.ts";
import { ownSessionQuery, type OwnSession } from "../sign-in/sign-in-api.ts";
import { useClaimOperator } from "./claim-api.ts";
import { heldClaimToken } from "./held-token.ts";

/** The link that the first start prints: whoever has it becomes the first operator, once wholly signed in. */
export function ClaimPage() {
  const { t } = useTranslation("claim");
  const given = useLinkToken(paths.claim());
  const token = given ?? heldClaimToken.read();
  const session = useSuspenseQuery(ownSessionQuery).data;
  useEffect(() => {
    document.title = t("title");
    if (token !== null) heldClaimToken.keep(token);
  }, [t, token]);
  return (
    <Stack>
      <Title order={1}>{t("title")}</Title>
      {token === null ? (
        <Text role="alert">{t("noToken")}</Text>
      ) : (
        <>
          <Text>{t("explained")}</Text>
          {session?.level === "full" ? (
            <ClaimButton token={token} />
          ) : (
            <FirstSignIn level={session?.level ?? null} />
          )}
        </>
      )}
    </Stack>
  );
}

function FirstSignIn({ level }: { level: OwnSession["level"] | null }) {
  const { t } = useTranslation("claim");
  const next = paths.claim();
  if (level !== null)
    return (
      <Button component={Link} to={whereToFinish(level, next)}>
        {t("goOn")}
      </Button>
    );
  return (
    <>
      <Text>{t("needAccount")}</Text>
      <Button component={Link} to={paths.signUp({ next })}>
        {t("signUp")}
      </Button>
      <Button component={Link} to={paths.signIn({ next })} variant="default">
        {t("signIn")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("afterSignUp")}
      </Text>
    </>
  );
}

function ClaimButton({ token }: { token: string }) {
  const { t } = useTranslation("claim");
  const { email } = useOwnAccount();
  const navigate = useNavigate();
  const claim = useClaimOperator();
  if (claim.error instanceof ApiProblem && claim.error.code === "dead-link")
    return (
      <Stack role="alert" gap="xs">
        <Text fw={600}>{t("deadTitle")}</Text>
        <Text>{t("dead")}</Text>
      </Stack>
    );
  const onClaim = () =>
    claim.mutate(token, {
      onSuccess: () => {
        heldClaimToken.forget();
        queryClient.clear();
        notifications.show({ message: t("claimed") });
        void navigate(paths.home(), { replace: true });
      },
    });
  return (
    <>
      <Text>{t("signedInAs", { email })}</Text>
      {claim.error !== null && <ErrorAlert error={claim.error} />}
      <Button loading={claim.isPending} onClick={onClaim}>
        {t("claim")}
      </Button>
    </>
  );
}
