import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import type { KeyCaller } from "./key-api.ts";

/** From where a key is used: the addresses, since when, until when, how often. */
export function CallerList({ label, callers }: { label: string; callers: readonly KeyCaller[] }) {
  const { t } = useTranslation("keys");
  return (
    <RowList label={label}>
      {callers.map(({ address, firstSeenAt, lastSeenAt, count, refusedCount }) => (
        <Row
          key={address}
          actions={
            <Text size="sm" c="dimmed">
              {t("uses", { count })}
              {refusedCount > 0 && ` · ${t("refusals", { count: refusedCount })}`}
            </Text>
          }
        >
          <Text fw={600}>{address}</Text>
          <Text size="sm" c="dimmed">
            {t("lastSeen")} <Timestamp at={lastSeenAt} as="ago" /> · {t("firstSeen")}{" "}
            <Timestamp at={firstSeenAt} as="ago" />
          </Text>
        </Row>
      ))}
    </RowList>
  );
}
