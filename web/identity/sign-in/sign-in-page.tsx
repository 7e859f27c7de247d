import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { brandingQuery } from "../../shell/branding.ts";
import { currentLevel, whereToGoOn } from "../../shell/require-session.ts";
import { ownSessionQuery, type OwnSession } from "./sign-in-api.ts";
import { SignInSteps, startOf } from "./sign-in-steps.tsx";

/** Signs in and goes on to where the person came from. */
export function SignInPage() {
  const { t } = useTranslation("signIn");
  const { name } = useSuspenseQuery(brandingQuery).data;
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const next = query.get("next") ?? undefined;
  const session = useSuspenseQuery({ ...ownSessionQuery, refetchOnWindowFocus: false }).data;
  // What a product without a name is called makes no sentence here.
  const title = name === "" ? t("signIn") : t("title", { name });
  useEffect(() => {
    document.title = title;
  }, [title]);

  const goOn = async (reached: OwnSession["level"]) => {
    // Was this page somebody else's before, it is left here: `next` was theirs, too.
    await currentLevel().catch(() => null);
    // Nothing is kept from before in any case.
    queryClient.clear();
    pageAccount.forget();
    await navigate(whereToGoOn(reached, next), { replace: true });
  };
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      {query.get("notice") === "signed-out" && <Text role="status">{t("signedOutElsewhere")}</Text>}
      <SignInSteps onDone={(reached) => void goOn(reached)} startAt={startOf(session)} />
      <Text ta="center">
        {t("noAccount")}{" "}
        <Anchor component={Link} to={paths.signUp({ next })}>
          {t("signUp")}
        </Anchor>
      </Text>
    </Stack>
  );
}
