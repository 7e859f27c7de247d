import { Anchor, Badge, Button, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { paths } from "../../paths.ts";
import { Loading } from "../../shell/loading.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { AddressReportsCard } from "./address-reports-card.tsx";
import { accountsQuery, type AccountSummary } from "./account-api.ts";

/** How long typing rests before it is searched for, ms. */
const REST_MS = 250;

/** Every account of the installation. */
export function AccountsPage() {
  const { t } = useTranslation("operator");
  const [params, setParams] = useSearchParams();
  const query = params.get("query") ?? "";
  const cursor = params.get("after");
  const [typed, setTyped] = useState(query);
  const { data, error, refetch, isPlaceholderData } = useQuery(accountsQuery({ query, cursor }));
  const search = useDebouncedCallback((text: string) => {
    setParams(text === "" ? {} : { query: text }, { replace: true });
  }, REST_MS);
  return (
    <Page title={t("accounts.title")} intro={t("accounts.intro")} guide="operator">
      <AddressReportsCard />
      <TextInput
        label={t("accounts.search")}
        description={t("accounts.searchHint")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        maxLength={200}
        maw="32rem"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          search(event.currentTarget.value.trim());
        }}
      />
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <Loading />
      ) : (
        <Found accounts={data.accounts} query={query} isOld={isPlaceholderData} />
      )}
      <Pages query={query} cursor={cursor} next={data?.nextCursor ?? null} />
    </Page>
  );
}

type FoundProps = { accounts: readonly AccountSummary[]; query: string; isOld: boolean };

function Found({ accounts, query, isOld }: FoundProps) {
  const { t } = useTranslation("operator");
  if (accounts.length === 0)
    return <EmptyState title={t("accounts.none", { query })}>{t("accounts.noneHint")}</EmptyState>;
  return (
    <div aria-busy={isOld}>
      <RowList label={t("accounts.title")}>
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} />
        ))}
      </RowList>
    </div>
  );
}

type PagesProps = { query: string; cursor: string | null; next: string | null };

function Pages({ query, cursor, next }: PagesProps) {
  const { t } = useTranslation("operator");
  const pageOf = (after: string | null) => ({
    search: `${new URLSearchParams({ ...(query !== "" && { query }), ...(after !== null && { after }) })}`,
  });
  return (
    <Group justify="space-between">
      {cursor === null ? (
        <span />
      ) : (
        <Button component={Link} to={pageOf(null)} variant="default">
          {t("accounts.newest")}
        </Button>
      )}
      {next !== null && (
        <Button component={Link} to={pageOf(next)} variant="default">
          {t("accounts.older")}
        </Button>
      )}
    </Group>
  );
}

function AccountRow({ account }: { account: AccountSummary }) {
  const { t } = useTranslation("operator");
  const whoseIs = ({ emailHint, app }: AccountSummary): string => {
    if (emailHint !== null) return emailHint;
    return app === null ? t("accounts.service") : t("accounts.serviceOf", { app: app.name });
  };
  return (
    <Row
      actions={
        <Group gap={6}>
          <StateBadges account={account} />
        </Group>
      }
    >
      <Anchor component={Link} to={paths.operatorAccount(account.id)} fw={600}>
        {account.displayName}
      </Anchor>
      <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {whoseIs(account)} · {t("accounts.made")} <Timestamp at={account.createdAt} as="date" />
      </Text>
    </Row>
  );
}

/** What an operator should see at a glance; nothing is said of an ordinary account. */
export function StateBadges({ account }: { account: Omit<AccountSummary, "emailHint" | "app"> }) {
  const { t } = useTranslation("operator");
  const isPerson = account.kind === "person";
  return (
    <>
      {account.disabledAt !== null && <Badge color="red">{t("accounts.disabled")}</Badge>}
      {account.isOperator && <Badge>{t("accounts.operator")}</Badge>}
      {!account.isProven && <Badge color="orange">{t("accounts.unproven")}</Badge>}
      {isPerson && account.isProven && !account.hasSecondFactor && (
        <Badge color="orange">{t("accounts.noFactor")}</Badge>
      )}
    </>
  );
}
