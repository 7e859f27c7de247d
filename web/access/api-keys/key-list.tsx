import { Anchor, Badge, Code, Group, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import type { ApiKey } from "./key-api.ts";
import { needsAttention } from "./needs-attention.ts";

/** The keys of a service account; those that ended are out of the way until somebody asks for them. */
export function KeyList({ appId, keys }: { appId: string; keys: readonly ApiKey[] }) {
  const { t } = useTranslation("keys");
  const [ended, setEnded] = useQueryValue("ended", { isFilter: true });
  const endedCount = keys.filter(({ state }) => state !== "live").length;
  const shown = keys.filter(({ state }) => state === "live" || ended !== null);
  return (
    <>
      {shown.length === 0 ? (
        <Text c="dimmed">{t("noneLive")}</Text>
      ) : (
        <RowList label={t("title")}>
          {shown.map((key) => (
            <KeyRow key={key.id} appId={appId} apiKey={key} />
          ))}
        </RowList>
      )}
      {endedCount > 0 && (
        <Switch
          label={t("showEnded", { count: endedCount })}
          checked={ended !== null}
          onChange={({ currentTarget: { checked } }) => setEnded(checked ? "1" : null)}
        />
      )}
    </>
  );
}

function KeyRow({ appId, apiKey: key }: { appId: string; apiKey: ApiKey }) {
  return (
    <Row actions={<KeyBadges apiKey={key} />}>
      <Group gap="xs">
        <Anchor component={Link} to={paths.key(appId, key.id)} fw={600}>
          {key.name}
        </Anchor>
        <Code>{key.prefix}</Code>
      </Group>
      <Text size="sm" c="dimmed">
        <KeyUse apiKey={key} />
      </Text>
    </Row>
  );
}

/** When and from where a key was used last, and when it ends. */
export function KeyUse({ apiKey: key }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  return (
    <>
      {key.lastUsedAt === null ? (
        t("neverUsed")
      ) : (
        <>
          {t("lastUsed")} <Timestamp at={key.lastUsedAt} as="ago" />
          {key.lastUsedAddress !== null && ` ${t("fromAddress", { address: key.lastUsedAddress })}`}
        </>
      )}{" "}
      · <KeyEnd apiKey={key} />
    </>
  );
}

function KeyEnd({ apiKey: key }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const at = key.revokedAt ?? key.expiresAt;
  return (
    <>
      {t(`ends.${key.state}`)} <Timestamp at={at} as="ago" />
    </>
  );
}

/** Whether a key works, and why somebody should look at it. */
export function KeyBadges({ apiKey: key }: { apiKey: ApiKey }) {
  const { t } = useTranslation("keys");
  const [nowMs] = useState(Date.now);
  const attention = needsAttention(key, nowMs);
  return (
    <Group gap="xs">
      {attention !== null && <Badge color="orange">{t(`attention.${attention}`)}</Badge>}
      {key.state === "live" && key.rotatedTo !== null && (
        <Badge color="orange">{t("replaced")}</Badge>
      )}
      <Badge color={key.state === "live" ? "green" : "gray"}>{t(`states.${key.state}`)}</Badge>
    </Group>
  );
}
