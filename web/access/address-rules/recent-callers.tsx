import { Badge, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { isCovered } from "./address-text.ts";
import { byAddress, type AddressUse } from "./by-address.ts";
import type { AddressRules } from "./rules-api.ts";

type Props = {
  rules: AddressRules;
  /** The list as it is being edited. */
  cidrs: readonly string[];
  onAdd: (address: string) => void;
};

/** Who called in the last week, and what the list as it is being edited would do to them. */
export function RecentCallers({ rules, cidrs, onAdd }: Props) {
  const { t } = useTranslation("whitelist");
  const callers = byAddress(rules.recentCallers);
  if (callers.length === 0)
    return <EmptyState title={t("noCallers")}>{t("noCallersText")}</EmptyState>;
  return (
    <RowList label={t("callers")}>
      {callers.map((caller) => (
        <CallerRow
          key={caller.address}
          caller={caller}
          isOnList={isCovered(caller.address, cidrs)}
          onAdd={onAdd}
        />
      ))}
    </RowList>
  );
}

type RowProps = Pick<Props, "onAdd"> & { caller: AddressUse; isOnList: boolean };

function CallerRow({ caller, isOnList, onAdd }: RowProps) {
  const { t } = useTranslation("whitelist");
  const { address, lastSeenAt, allowed, refused } = caller;
  return (
    <Row
      actions={
        <Group gap="xs">
          <Badge color={isOnList ? "green" : "orange"}>
            {t(isOnList ? "onList" : "wouldBeRefused")}
          </Badge>
          {!isOnList && (
            <Button variant="default" size="xs" onClick={() => onAdd(address)}>
              {t("add")}
              <VisuallyHidden> {address}</VisuallyHidden>
            </Button>
          )}
        </Group>
      }
    >
      <Text fw={600}>{address}</Text>
      <Text size="sm" c="dimmed">
        {t("calls", { count: allowed })} ·{" "}
        {refused > 0 && `${t("callsRefused", { count: refused })} · `}
        {t("lastSeen")} <Timestamp at={lastSeenAt} as="ago" />
      </Text>
    </Row>
  );
}
