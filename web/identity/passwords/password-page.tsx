import { Alert, Button, List, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Page } from "../../ui/page.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { useOwnAccount } from "../account/account-api.ts";
import { NewPasswordField } from "./new-password-field.tsx";
import { PasswordField } from "./password-field.tsx";
import { OwnPolicyCard } from "./own-policy-card.tsx";
import { changePassword, ownPolicyQuery } from "./password-api.ts";

/** Changes the password. */
export function PasswordPage() {
  const { t } = useTranslation("password");
  // Another key makes the form anew: nothing of a password stays in it.
  const [changes, setChanges] = useState(0);
  return (
    <Page title={t("title")} intro={t("intro")} guide="password" size="md">
      {changes > 0 && (
        <Alert color="teal" role="status">
          {t("changed")}
        </Alert>
      )}
      <Card title={t("change")}>
        <PasswordForm key={changes} onDone={() => setChanges(changes + 1)} />
      </Card>
      <OwnPolicyCard />
      <Card title={t("whatHappens")}>
        <List spacing="xs">
          <List.Item>{t("othersOut")}</List.Item>
          <List.Item>{t("mailed")}</List.Item>
        </List>
      </Card>
    </Page>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("password");
  const { email, displayName } = useOwnAccount();
  const policy = useSuspenseQuery(ownPolicyQuery).data;
  const initialValues = { currentPassword: "", newPassword: "" };
  const form = useForm({ mode: "uncontrolled", initialValues });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    await changePassword(values);
    onDone();
  });
  return (
    <form onSubmit={submit}>
      <Stack maw="28rem">
        {/* So that a password manager knows whose password it keeps. */}
        <input type="text" autoComplete="username" defaultValue={email} readOnly hidden />
        <PasswordField
          label={t("current")}
          autoComplete="current-password"
          required
          {...form.getInputProps("currentPassword")}
        />
        <NewPasswordField
          label={t("new")}
          known={() => [email, displayName]}
          policy={policy}
          {...form.getInputProps("newPassword")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={isPending}>
          {t("change")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("confirmNext")}
        </Text>
      </Stack>
    </form>
  );
}
