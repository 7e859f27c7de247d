import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconEye } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Page } from "../../ui/page.tsx";
import { useFormAct } from "../../ui/use-act.ts";
import { readAccount, type AccountDetails } from "./account-api.ts";
import { AccountFacts } from "./account-facts.tsx";
import { FactorResetCard } from "./factor-reset-card.tsx";
import { StateCard } from "./state-card.tsx";

/** A person's account: only after one has said why, since the person will read that. */
export function AccountPage() {
  const { t } = useTranslation("operator");
  const { accountId = "" } = useParams();
  const [seen, setSeen] = useState<{ account: AccountDetails; reason: string } | null>(null);
  // Not a query: each look is an entry that the person sees, so none is made by itself.
  const look = async (reason: string) =>
    setSeen({ account: await readAccount(accountId, reason), reason });
  return (
    <Page
      title={seen?.account.displayName ?? t("account.closed")}
      intro={seen === null ? undefined : t("account.seen", { reason: seen.reason })}
      guide="operator"
      action={
        <Button component={Link} to={paths.operatorAccounts()} variant="default">
          {t("account.all")}
        </Button>
      }
    >
      {seen === null ? (
        <ReasonCard onLook={look} />
      ) : (
        <>
          <AccountFacts account={seen.account} />
          <FactorResetCard account={seen.account} onChanged={() => look(seen.reason)} />
          <StateCard account={seen.account} onChanged={() => look(seen.reason)} />
        </>
      )}
    </Page>
  );
}

function ReasonCard({ onLook }: { onLook: (reason: string) => Promise<void> }) {
  const { t } = useTranslation("operator");
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { reason: "" },
    validate: { reason: (reason) => (reason.trim() === "" ? t("account.reasonMissing") : null) },
  });
  const { submit, error, isPending } = useFormAct(form, ({ reason }) => onLook(reason.trim()));
  return (
    <Card title={t("account.why")}>
      <Alert variant="light" icon={<IconEye size={20} aria-hidden />}>
        <Text>{t("account.onRecord")}</Text>
      </Alert>
      <form onSubmit={submit} noValidate>
        <TextInput
          label={t("account.reason")}
          description={t("account.reasonHint")}
          maxLength={400}
          maw="36rem"
          required
          key={form.key("reason")}
          {...form.getInputProps("reason")}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Group mt="md">
          <Button type="submit" loading={isPending}>
            {t("account.open")}
          </Button>
        </Group>
      </form>
    </Card>
  );
}
