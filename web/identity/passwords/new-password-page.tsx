import { Anchor, Button, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import type { NewPasswordAsked } from "../../../src/contract/identity/password-policy.ts";
import { request } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { paths } from "../../paths.ts";
import { whereToGoOn } from "../../shell/require-session.ts";
import { safeNext } from "../../shell/safe-next.ts";
import { CodeField } from "../../ui/code-field.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { digits, ownSessionQuery } from "../sign-in/sign-in-api.ts";
import { NewPasswordField } from "./new-password-field.tsx";
import { chooseNewPassword } from "./password-api.ts";
import { PasswordField } from "./password-field.tsx";
import { useSourceText } from "./rule-source.tsx";

/** The password has ended: another one is the one thing that is missing to be signed in. */
export function NewPasswordPage() {
  const [query] = useSearchParams();
  const next = query.get("next") ?? undefined;
  const session = useSuspenseQuery({ ...ownSessionQuery, refetchOnWindowFocus: false }).data;
  const asked = session?.newPassword ?? null;
  if (asked === null) return <Navigate to={whereToGoOn(session?.level ?? null, next)} replace />;
  return <Choose asked={asked} next={next} />;
}

function Choose({ asked, next }: { asked: NewPasswordAsked; next: string | undefined }) {
  const { t } = useTranslation("passwordPolicy");
  const title = t("chooseTitle");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Stack>
      <Title order={1}>{title}</Title>
      <Why asked={asked} />
      <ChooseForm asked={asked} next={next} />
    </Stack>
  );
}

function Why({ asked: { policy } }: { asked: NewPasswordAsked }) {
  const { t } = useTranslation("passwordPolicy");
  const sourceText = useSourceText();
  const { due } = policy;
  if (due === null) return null;
  if (due.source === null) return <Text>{t("whyStranger")}</Text>;
  const organisation = due.source.organisation.name;
  return (
    <Stack gap="xs">
      <Text>
        {due.isDemanded ? t("whyDemanded", { organisation }) : t("whyAge", { organisation })}
      </Text>
      <Text size="sm" c="dimmed">
        {t("whyYou", { because: sourceText(due.source) })}
      </Text>
    </Stack>
  );
}

function ChooseForm({ asked, next }: { asked: NewPasswordAsked; next: string | undefined }) {
  const { t } = useTranslation(["passwordPolicy", "password", "signIn"]);
  const navigate = useNavigate();
  const { asks, policy } = asked;
  const initialValues = { currentPassword: "", newPassword: "", code: "" };
  const form = useForm({ mode: "uncontrolled", initialValues });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    await chooseNewPassword({
      newPassword: values.newPassword,
      ...(asks.includes("current-password") && { currentPassword: values.currentPassword }),
      ...(asks.includes("code") && { code: digits(values.code) }),
    });
    queryClient.clear();
    pageAccount.forget();
    await navigate(safeNext(next ?? null), { replace: true });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        {asks.includes("current-password") && (
          <PasswordField
            label={t("password:current")}
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps("currentPassword")}
          />
        )}
        <NewPasswordField
          label={t("password:new")}
          known={() => []}
          policy={policy}
          {...form.getInputProps("newPassword")}
        />
        {asks.includes("code") && (
          <CodeField label={t("signIn:code")} required {...form.getInputProps("code")} />
        )}
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("choose")}
        </Button>
        <SignOut />
      </Stack>
    </form>
  );
}

function SignOut() {
  const { t } = useTranslation("passwordPolicy");
  const navigate = useNavigate();
  const leave = async () => {
    await request("POST", "/sign-out", { body: {}, isAlone: true }).catch(() => undefined);
    pageAccount.tellSignedOut();
    queryClient.clear();
    pageAccount.forget();
    await navigate(paths.signIn(), { replace: true });
  };
  return (
    <Text size="sm" c="dimmed">
      {t("othersOut")}{" "}
      <Anchor component="button" type="button" size="sm" onClick={() => void leave()}>
        {t("signOutInstead")}
      </Anchor>
    </Text>
  );
}
