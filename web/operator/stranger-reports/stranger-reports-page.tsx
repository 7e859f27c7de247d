import { Anchor, Badge, Button, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import {
  strangerReportsQuery,
  useCloseReport,
  type StrangerReport,
} from "./stranger-report-api.ts";

/** Sign-ins that their accounts' holders said were not theirs, until somebody has dealt with them. */
export function StrangerReportsPage() {
  const { t } = useTranslation("strangerReports");
  const { reports } = useSuspenseQuery(strangerReportsQuery).data;
  const close = useCloseReport();
  const onClose = (id: string) =>
    close.mutate(id, { onSuccess: () => notifications.show({ message: t("closedNow") }) });
  return (
    <Page title={t("title")} intro={t("intro")} guide="operator">
      {close.error !== null && <ErrorAlert error={close.error} />}
      {reports.length === 0 ? (
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      ) : (
        <RowList label={t("title")}>
          {reports.map((report) => (
            <ReportRow
              key={report.id}
              report={report}
              isPending={close.isPending && close.variables === report.id}
              onClose={() => onClose(report.id)}
            />
          ))}
        </RowList>
      )}
    </Page>
  );
}

type RowProps = { report: StrangerReport; isPending: boolean; onClose: () => void };

function ReportRow({ report, isPending, onClose }: RowProps) {
  const { t } = useTranslation("strangerReports");
  const { account, device, address, signedInAt, reportedAt, endedSessions, closedAt } = report;
  return (
    <Row
      actions={
        closedAt === null ? (
          <Button variant="default" size="xs" loading={isPending} onClick={onClose}>
            {t("close")}
            <VisuallyHidden> {account.displayName}</VisuallyHidden>
          </Button>
        ) : (
          <Badge color="gray">{t("closed")}</Badge>
        )
      }
    >
      <Text fw={600}>
        <Anchor component={Link} to={paths.operatorAccount(account.id)} inherit>
          {account.displayName}
        </Anchor>{" "}
        <Text span size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {account.emailHint}
        </Text>
      </Text>
      <Text size="sm" c="dimmed">
        {device} · {address ?? t("addressUnknown")} · {t("signedIn")} <Timestamp at={signedInAt} />{" "}
        · {t("reported")} <Timestamp at={reportedAt} as="ago" />
      </Text>
      <Text size="sm">{t("ended", { count: endedSessions })}</Text>
    </Row>
  );
}
