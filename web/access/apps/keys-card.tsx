import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { useSuspenseQueries, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { keysQuery } from "../api-keys/key-api.ts";
import { KeyUse } from "../api-keys/key-list.tsx";
import { needsAttention } from "../api-keys/needs-attention.ts";
import { serviceAccountsQuery } from "../service-accounts/service-account-api.ts";
import type { OneApp } from "./app-api.ts";

/** Service accounts whose keys are looked through; an app with more is an exception. */
const MAX_LOOKED_AT = 20;

/** The keys of an app that somebody should look at, and why. */
export function KeysCard({ app }: { app: OneApp }) {
  const { t } = useTranslation(["apps", "keys"]);
  const { serviceAccounts } = useSuspenseQuery(serviceAccountsQuery(app.id)).data;
  const withKeys = serviceAccounts.filter(({ liveKeys }) => liveKeys > 0);
  const lists = useSuspenseQueries({
    queries: withKeys.slice(0, MAX_LOOKED_AT).map(({ id }) => keysQuery(id)),
  });
  const [nowMs] = useState(Date.now);
  const wanting = lists.flatMap(({ data }, index) =>
    data.keys.flatMap((key) => {
      const reason = needsAttention(key, nowMs);
      return reason === null ? [] : [{ key, reason, of: withKeys[index]?.name }];
    }),
  );
  const live = serviceAccounts.reduce((sum, { liveKeys }) => sum + liveKeys, 0);
  return (
    <Card
      title={t("keysTitle")}
      action={
        <Button component={Link} to={paths.serviceAccounts(app.id)} variant="default" size="xs">
          {t("toKeys")}
        </Button>
      }
    >
      <Text>
        {t("serviceAccountCount", { count: serviceAccounts.length })} ·{" "}
        {t("liveKeyCount", { count: live })}
      </Text>
      {wanting.length === 0 ? (
        <Text c="dimmed">{t(live === 0 ? "noKeys" : "keysFine")}</Text>
      ) : (
        <RowList label={t("keysWanting")}>
          {wanting.map(({ key, reason, of }) => (
            <Row key={key.id}>
              <Group gap="xs">
                <Anchor component={Link} to={paths.key(app.id, key.id)} fw={600}>
                  {key.name}
                </Anchor>
                <Badge color="orange">{t(`keys:attention.${reason}`)}</Badge>
              </Group>
              <Text size="sm" c="dimmed">
                {of} · <KeyUse apiKey={key} />
              </Text>
            </Row>
          ))}
        </RowList>
      )}
    </Card>
  );
}
