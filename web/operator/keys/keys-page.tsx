import { Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { operatorKeysQuery, type OperatorKey } from "./key-api.ts";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";

/** Keys with which the operator's own product calls the installation. */
export function OperatorKeysPage() {
  const { t } = useTranslation("operator");
  const { keys } = useSuspenseQuery(operatorKeysQuery).data;
  const [dialog, setDialog] = useQueryValue("dialog");
  const [revoking, setRevoking] = useState<OperatorKey | null>(null);
  const open = <Button onClick={() => setDialog("new")}>{t("keys.new")}</Button>;
  return (
    <Page
      title={t("keys.title")}
      intro={t("keys.intro")}
      guide="operator"
      {...(keys.length > 0 && { action: open })}
    >
      {keys.length === 0 ? (
        <EmptyState title={t("keys.none")} action={open}>
          {t("keys.noneHint")}
        </EmptyState>
      ) : (
        <RowList label={t("keys.title")}>
          {keys.map((key) => (
            <KeyRow key={key.id} operatorKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </RowList>
      )}
      {dialog === "new" && <NewKeyDialog onClose={() => setDialog(null)} />}
      <RevokeKeyDialog operatorKey={revoking} onClose={() => setRevoking(null)} />
    </Page>
  );
}

const hasEnded = ({ expiresAt }: OperatorKey, nowMs: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= nowMs;

type RowProps = { operatorKey: OperatorKey; onRevoke: () => void };

function KeyRow({ operatorKey: key, onRevoke }: RowProps) {
  const { t } = useTranslation("operator");
  const isExpired = hasEnded(key, useSuspenseQuery(operatorKeysQuery).data.readAt);
  const isLive = key.revokedAt === null && !isExpired;
  return (
    <Row
      actions={
        isLive ? (
          <Button variant="default" size="xs" onClick={onRevoke}>
            {t("keys.revoke")}
            <VisuallyHidden> {key.name}</VisuallyHidden>
          </Button>
        ) : (
          <Badge color="gray">{t(isExpired ? "keys.expired" : "keys.revoked")}</Badge>
        )
      }
    >
      <Group gap="xs">
        <Text fw={600}>{key.name}</Text>
        {key.scopes.map((scope) => (
          <Badge key={scope} variant="default">
            {t(`keys.${scope}`)}
          </Badge>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        <code>{key.id}</code> · {t("keys.from", { addresses: key.addresses.join(", ") })}
      </Text>
      <Text size="sm" c="dimmed">
        <KeyTimes operatorKey={key} />
      </Text>
    </Row>
  );
}

function KeyTimes({
  operatorKey: { createdAt, lastUsedAt, expiresAt, revokedAt },
}: Pick<RowProps, "operatorKey">) {
  const { t } = useTranslation("operator");
  return (
    <>
      {t("keys.made")} <Timestamp at={createdAt} as="date" /> ·{" "}
      {lastUsedAt === null ? (
        t("keys.neverUsed")
      ) : (
        <>
          {t("keys.lastUsed")} <Timestamp at={lastUsedAt} as="ago" />
        </>
      )}
      {revokedAt !== null && (
        <>
          {" "}
          · {t("keys.revokedAt")} <Timestamp at={revokedAt} />
        </>
      )}
      {expiresAt !== null && revokedAt === null && (
        <>
          {" "}
          · {t("keys.ends")} <Timestamp at={expiresAt} as="ago" />
        </>
      )}
    </>
  );
}
