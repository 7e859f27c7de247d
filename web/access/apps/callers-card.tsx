import { Button, Group, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { mostTelling } from "../../ui/most-telling.ts";
import { OutcomeBars } from "../../ui/outcome-bars.tsx";
import { byAddress } from "../address-rules/by-address.ts";
import { rulesQuery } from "../address-rules/rules-api.ts";
import { ModeBadge } from "../address-rules/whitelist-card.tsx";
import type { OneApp } from "./app-api.ts";

/** Addresses that are drawn. */
const MOST = 8;

/** Allowed against refused, by the addresses that called in the last seven days. */
export function CallersCard({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const rules = useSuspenseQuery(rulesQuery({ level: "app", id: app.id })).data;
  const rows = byAddress(rules.recentCallers).map((caller) => ({
    ...caller,
    label: caller.address,
  }));
  return (
    <Card
      title={t("callersTitle")}
      action={
        <Button component={Link} to={paths.appWhitelist(app.id)} variant="default" size="xs">
          {t("toWhitelist")}
        </Button>
      }
    >
      <Group gap="xs">
        <Text>{t("whitelistIs")}</Text>
        <ModeBadge mode={rules.mode} />
      </Group>
      {rules.narrower.length > 0 && (
        <Text c="dimmed">{t("narrowerLists", { count: rules.narrower.length })}</Text>
      )}
      {rows.length === 0 ? (
        <Text c="dimmed">{t("noCallers")}</Text>
      ) : (
        <OutcomeBars of={t("callersOf")} head={t("addressHead")} rows={mostTelling(rows, MOST)} />
      )}
      {rows.length > MOST && (
        <Text c="dimmed">{t("moreCallers", { count: rows.length - MOST })}</Text>
      )}
    </Card>
  );
}
