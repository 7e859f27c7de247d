import { Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { ReceiptButton } from "./receipt-button.tsx";
import { removalsQuery } from "./receipt-api.ts";

/** Who was removed from everything, newest first, each with the receipt of it as the log stands now. */
export function RemovedTab({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation("sharing");
  const { removals } = useSuspenseQuery(removalsQuery(organisationId)).data;
  if (removals.length === 0)
    return <EmptyState title={t("noneRemoved")}>{t("noneRemovedExplained")}</EmptyState>;
  return (
    <Stack>
      <Text>{t("removedExplained")}</Text>
      <RowList label={t("tabs.removed")}>
        {removals.map(({ id, account, removedAt }) => (
          <Row
            key={id}
            actions={
              <ReceiptButton
                receipt={{ organisationId, removalId: id }}
                who={account.displayName}
                variant="default"
              />
            }
          >
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {account.displayName}
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {account.email}
            </Text>
            <Text size="sm">
              {t("removedSince")} <Timestamp at={removedAt} />
            </Text>
          </Row>
        ))}
      </RowList>
    </Stack>
  );
}
