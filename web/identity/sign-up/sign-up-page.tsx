import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { SignUpRequest } from "../../../src/contract/identity/accounts.ts";
import { paths } from "../../paths.ts";
import { useBranding } from "../../shell/branding.ts";
import { MailSent } from "./mail-sent.tsx";
import { SignUpForm } from "./sign-up-form.tsx";

const NOTHING_TYPED: SignUpRequest = { displayName: "", email: "", password: "" };

/** Makes an account: what is typed stays in this page's memory until the mail's link was opened. */
export function SignUpPage() {
  const { t } = useTranslation("signUp");
  const { name, isNameless } = useBranding();
  const [query] = useSearchParams();
  const next = query.get("next") ?? undefined;
  const [typed, setTyped] = useState(NOTHING_TYPED);
  const [isSent, setSent] = useState(false);
  const ownTitle = isNameless ? t("titleNameless") : t("title", { name });
  const title = isSent ? t("mailTitle") : ownTitle;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      {isSent ? (
        <MailSent signedUp={typed} next={next} onChange={() => setSent(false)} />
      ) : (
        <>
          <Text>{t("intro")}</Text>
          <SignUpForm
            typed={typed}
            onDone={(values) => {
              setTyped(values);
              setSent(true);
            }}
          />
          <Text ta="center">
            {t("haveAccount")}{" "}
            <Anchor component={Link} to={paths.signIn({ next })}>
              {t("signIn")}
            </Anchor>
          </Text>
        </>
      )}
    </Stack>
  );
}
