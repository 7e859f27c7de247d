import { Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import type { AddressRules } from "./rules-api.ts";
import { ModeBadge } from "./whitelist-card.tsx";

type NarrowerList = AddressRules["narrower"][number];

type Props = {
  appId: string;
  lists: readonly NarrowerList[];
  /** Whether the person may open service accounts and keys; else the lists are named alone. */
  opens: boolean;
};

function addressOf(appId: string, { level, id }: NarrowerList): string {
  const at = level === "key" ? paths.key : paths.serviceAccount;
  return at(appId, id, { whitelist: "open" });
}

function useName(): (list: NarrowerList) => string {
  const { t } = useTranslation("whitelist");
  return ({ level, name }) => t(level === "key" ? "narrowerKey" : "narrowerAccount", { name });
}

/** What else must let a call in, each with the page where it is changed. */
export function NarrowerListsCard({ appId, lists, opens }: Props) {
  const { t } = useTranslation("whitelist");
  const nameOf = useName();
  if (lists.length === 0) return null;
  return (
    <Card title={t("narrower")} intro={t("narrowerIntro")}>
      <RowList label={t("narrower")}>
        {lists.map((list) => (
          <Row key={`${list.level} ${list.id}`} actions={<ModeBadge mode={list.mode} />}>
            {opens ? (
              <Anchor component={Link} to={addressOf(appId, list)}>
                {nameOf(list)}
              </Anchor>
            ) : (
              <Text>{nameOf(list)}</Text>
            )}
          </Row>
        ))}
      </RowList>
    </Card>
  );
}

/** So many are named in a line. */
const NAMED = 3;

/** The same in a line. */
export function NarrowerListsLine({ appId, lists, opens }: Props) {
  const { t } = useTranslation("whitelist");
  const nameOf = useName();
  if (lists.length === 0) return null;
  const more = lists.length - NAMED;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {t("narrower")}:
      </Text>
      {lists.slice(0, NAMED).map((list) => (
        <Group key={`${list.level} ${list.id}`} gap={6} wrap="nowrap">
          {opens ? (
            <Anchor component={Link} to={addressOf(appId, list)} size="sm">
              {nameOf(list)}
            </Anchor>
          ) : (
            <Text size="sm">{nameOf(list)}</Text>
          )}
          <ModeBadge mode={list.mode} />
        </Group>
      ))}
      {more > 0 && (
        <Anchor component={Link} to={paths.appWhitelist(appId)} size="sm">
          {t("narrowerMore", { count: more })}
        </Anchor>
      )}
    </Group>
  );
}
