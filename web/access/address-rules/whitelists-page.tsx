import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { useQueries, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Loading } from "../../shell/loading.tsx";
import { Page } from "../../ui/page.tsx";
import { appQuery, appsQuery, type AppSummary } from "../apps/app-api.ts";
import { byAddress } from "./by-address.ts";
import { rulesQuery, type AddressRules } from "./rules-api.ts";
import { ModeBadge } from "./whitelist-card.tsx";

/** The whitelists of all apps whose list the person may see. */
export function WhitelistsPage() {
  const { t } = useTranslation("whitelist");
  const { apps, isPending } = useListedApps();
  return (
    <Page title={t("title")} intro={t("overviewIntro")} guide="ip-whitelist">
      {apps.length > 0 && (
        <RowList label={t("overviewList")}>
          {apps.map(({ app, rules }) => (
            <ListRow key={app.id} app={app} rules={rules} />
          ))}
        </RowList>
      )}
      {isPending && <Loading />}
      {!isPending && apps.length === 0 && (
        <Card>
          <EmptyState
            title={t("overviewEmpty")}
            action={
              <Button component={Link} to={paths.apps()}>
                {t("toApps")}
              </Button>
            }
          >
            {t("overviewEmptyText")}
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}

/** Asks for a list only where the app says that the person may see it: a refusal would be on record. */
function useListedApps() {
  const { owned, shared } = useSuspenseQuery(appsQuery).data;
  const candidates = [...owned, ...shared.filter(({ role }) => role !== "officer")];
  const details = useQueries({ queries: candidates.map(({ id }) => appQuery(id)) });
  const listed = candidates.filter(
    (_app, index) => details[index]?.data?.permissions.includes("app:addresses") === true,
  );
  const rules = useQueries({ queries: listed.map(({ id }) => rulesQuery({ level: "app", id })) });
  const apps = listed.flatMap((app, index) => {
    const data = rules[index]?.data;
    return data === undefined ? [] : [{ app, rules: data }];
  });
  return { apps, isPending: [...details, ...rules].some((query) => query.isPending) };
}

function ListRow({ app, rules }: { app: AppSummary; rules: AddressRules }) {
  const { t } = useTranslation("whitelist");
  const refused = byAddress(rules.recentCallers).filter((caller) => caller.refused > 0);
  return (
    <Row
      actions={
        <Group gap="xs">
          {rules.revertsAt !== null && <Badge color="orange">{t("waits")}</Badge>}
          <ModeBadge mode={rules.mode} />
        </Group>
      }
    >
      <Anchor component={Link} to={paths.appWhitelist(app.id)} fw={600}>
        {app.name}
      </Anchor>
      <Text size="sm" c="dimmed">
        {app.organisation.name} · {t("entryCount", { count: rules.entries.length })} ·{" "}
        {refused.length === 0
          ? t("noneRefused")
          : t("refusedLately", { count: refused.length, address: refused[0]?.address })}
      </Text>
    </Row>
  );
}
