import { Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import type { AccountDetails } from "./account-api.ts";
import { StateBadges } from "./accounts-page.tsx";

/** What the installation knows of an account, and where it belongs. */
export function AccountFacts({ account }: { account: AccountDetails }) {
  const { t } = useTranslation("operator");
  const rows = [
    { name: t("account.kind"), value: t(`account.${account.kind}`) },
    ...(account.email === null ? [] : [{ name: t("account.email"), value: account.email }]),
    {
      name: t("account.id"),
      value: (
        <Group gap="xs">
          <code>{account.id}</code>
          <CopyButton value={account.id} />
        </Group>
      ),
    },
    ...(account.externalId === null
      ? []
      : [{ name: t("account.externalId"), value: account.externalId }]),
    { name: t("account.made"), value: <Timestamp at={account.createdAt} /> },
    ...(account.kind === "person"
      ? [
          {
            name: t("account.factor"),
            value: t(account.hasSecondFactor ? "account.factorSet" : "account.factorMissing"),
          },
          {
            name: t("account.sessions"),
            value: t("account.liveSessions", { count: account.liveSessions }),
          },
          {
            name: t("account.lastSeen"),
            value:
              account.lastSeenAt === null ? (
                t("account.never")
              ) : (
                <Timestamp at={account.lastSeenAt} as="ago" />
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Card
        title={t("account.facts")}
        action={
          <Group gap={6}>
            <StateBadges account={account} />
          </Group>
        }
      >
        <Facts rows={rows} />
      </Card>
      {account.kind === "person" && <Organisations account={account} />}
    </>
  );
}

function Organisations({ account: { organisations } }: { account: AccountDetails }) {
  const { t } = useTranslation("operator");
  return (
    <Card title={t("account.organisations")}>
      {organisations.length === 0 ? (
        <Text c="dimmed">{t("account.noOrganisations")}</Text>
      ) : (
        organisations.map(({ id, name, role }) => (
          <Group key={id} gap="sm">
            <Text fw={600}>{name}</Text>
            <Badge color="gray">{t(`account.${role}`)}</Badge>
          </Group>
        ))
      )}
    </Card>
  );
}
