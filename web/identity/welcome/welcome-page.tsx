import { Stack, Text, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useNavigate, useSearchParams } from "react-router";
import { queryClient } from "../../api/query-client.ts";
import { whereToGoOn } from "../../shell/require-session.ts";
import { safeNext } from "../../shell/safe-next.ts";
import { AuthenticatorSetUp } from "../second-factors/authenticator-set-up.tsx";
import { RecoveryCodes } from "../second-factors/recovery-codes.tsx";
import { ownSessionQuery } from "../sign-in/sign-in-api.ts";

/** The first run, and the way back after a lost phone: nothing else opens before this is done. */
export function WelcomePage() {
  const [query] = useSearchParams();
  const next = query.get("next") ?? undefined;
  const session = useSuspenseQuery({ ...ownSessionQuery, refetchOnWindowFocus: false }).data;
  const [codes, setCodes] = useState<string[] | null>(null);
  const navigate = useNavigate();
  if (codes === null && session?.level !== "needs-enrolment")
    return <Navigate to={whereToGoOn(session?.level ?? null, next)} replace />;
  const goOn = () => {
    queryClient.clear();
    void navigate(safeNext(next ?? null), { replace: true });
  };
  return codes === null ? (
    <SetUpStep onConfirmed={setCodes} />
  ) : (
    <CodesStep codes={codes} onKept={goOn} />
  );
}

function SetUpStep({ onConfirmed }: { onConfirmed: (codes: string[]) => void }) {
  const { t } = useTranslation("twoFactor");
  const isNewPhone = (useLocation().state as { isNewPhone?: true } | null)?.isNewPhone === true;
  const title = t(isNewPhone ? "newPhoneTitle" : "welcomeTitle");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      <Text>{t(isNewPhone ? "newPhoneIntro" : "welcomeIntro")}</Text>
      <AuthenticatorSetUp onConfirmed={onConfirmed} />
    </Stack>
  );
}

function CodesStep({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation("twoFactor");
  const title = t("codesTitle");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      <RecoveryCodes codes={codes} email={undefined} onKept={onKept} />
    </Stack>
  );
}
