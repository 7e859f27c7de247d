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
import { NarrowerListsLine } from "./narrower-lists.tsx";
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
          {apps.map((listed) => (
            <ListRow key={listed.app.id} {...listed} />
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

type Listed = {
  app: AppSummary;
  /** Whether the person may open its service accounts and keys. */
  opensKeys: boolean;
  rules: AddressRules;
};

/** Asks for a list only where the app says that the person may see it: a refusal would be on record. */
function useListedApps() {
  const { owned, shared } = useSuspenseQuery(appsQuery).data;
  const candidates = [...owned, ...shared.filter(({ role }) => role !== "officer")];
  const details = useQueries({ queries: candidates.map(({ id }) => appQuery(id)) });
  const listed = candidates.flatMap((app, index): Omit<Listed, "rules">[] => {
    const permissions = details[index]?.data?.permissions ?? [];
    return permissions.includes("app:addresses")
      ? [{ app, opensKeys: permissions.includes("app:keys") }]
      : [];
  });
  const rules = useQueries({
    queries: listed.map(({ app }) => rulesQuery({ level: "app", id: app.id })),
  });
  const apps = listed.flatMap((each, index): Listed[] => {
    const data = rules[index]?.data;
    return data === undefined ? [] : [{ ...each, rules: data }];
  });
  return { apps, isPending: [...details, ...rules].some((query) => query.isPending) };
}

function ListRow({ app, opensKeys, rules }: Listed) {
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
      <NarrowerListsLine appId={app.id} lists={rules.narrower} opens={opensKeys} />
    </Row>
  );
}
