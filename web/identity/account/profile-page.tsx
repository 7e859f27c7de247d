import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { AddressesCard } from "../addresses/addresses-card.tsx";
import { changeAccount, useOwnAccount } from "./account-api.ts";
import { Appearance } from "./appearance.tsx";
import { MailSettings } from "./mail-settings.tsx";
import { Memberships } from "./memberships.tsx";

/** Who the person is to others, and how the panel looks to them. */
export function ProfilePage() {
  const { t } = useTranslation("profile");
  return (
    <Page title={t("title")} intro={t("intro")} guide="first-steps" size="md">
      <AboutCard />
      <AddressesCard />
      <Memberships />
      <MailSettings />
      <Appearance />
    </Page>
  );
}

function AboutCard() {
  const { t } = useTranslation("profile");
  const { createdAt } = useOwnAccount();
  return (
    <Card title={t("about")}>
      <NameForm />
      <Fact name={t("since")}>
        <Timestamp at={createdAt} as="date" />
      </Fact>
    </Card>
  );
}

function NameForm() {
  const { t } = useTranslation("profile");
  const { displayName } = useOwnAccount();
  const form = useForm({ mode: "uncontrolled", initialValues: { displayName } });
  const { submit, error, isPending } = useFormAct(form, async (values) => {
    const account = await changeAccount(values);
    form.setFieldValue("displayName", account.displayName);
    notifications.show({ message: t("renamed", { name: account.displayName }) });
  });
  return (
    <form onSubmit={submit}>
      <Stack align="flex-start" gap="sm">
        <TextInput
          label={t("name")}
          description={t("nameHint")}
          autoComplete="name"
          required
          w="100%"
          maw="28rem"
          {...form.getInputProps("displayName")}
          key={form.key("displayName")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" variant="default" loading={isPending}>
          {t("saveName")}
        </Button>
      </Stack>
    </form>
  );
}

function Fact({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Text style={{ overflowWrap: "anywhere" }}>{children}</Text>
      {hint !== undefined && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
    </Stack>
  );
}
