import { Anchor, Button, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { addressReportsQuery, useCloseReport } from "./account-api.ts";

/** People who said that a change of their sign-in address was not theirs; nothing where nobody waits. */
export function AddressReportsCard() {
  const { t } = useTranslation("operator");
  const { data, error } = useQuery(addressReportsQuery);
  const close = useCloseReport();
  if (error !== null) return <ErrorAlert error={error} />;
  const open = (data?.reports ?? []).filter(({ closedAt }) => closedAt === null);
  if (open.length === 0) return null;
  return (
    <Card title={t("reports.title")} intro={t("reports.intro")} tone="danger">
      <RowList label={t("reports.title")}>
        {open.map(({ id, account, reportedAt }) => (
          <Row
            key={id}
            actions={
              <Button
                variant="default"
                size="xs"
                loading={close.isPending && close.variables === id}
                onClick={() => close.mutate(id)}
              >
                {t("reports.close")}
                <VisuallyHidden> {account.displayName}</VisuallyHidden>
              </Button>
            }
          >
            <Anchor component={Link} to={paths.operatorAccount(account.id)} fw={600}>
              {account.displayName}
            </Anchor>
            <Text size="sm" c="dimmed">
              {account.emailHint} · {t("reports.said")} <Timestamp at={reportedAt} />
            </Text>
          </Row>
        ))}
      </RowList>
      {close.error !== null && <ErrorAlert error={close.error} />}
    </Card>
  );
}
