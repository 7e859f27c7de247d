import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { paths } from "../../paths.ts";
import { EntryDrawer } from "../../record/action-log/entry-drawer.tsx";
import { EntryList } from "../../record/action-log/entry-list.tsx";
import { Loading } from "../../shell/loading.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { appLogQuery, supportCasesQuery, type SupportCase } from "./support-api.ts";

/** An app's log, for as long as its owner lets the operator read it; why stands above it. */
export function AppLogPage() {
  const { t } = useTranslation("operator");
  const { appId = "" } = useParams();
  const { data: cases } = useSuspenseQuery(supportCasesQuery);
  const given = longest(cases.filter((one) => one.appId === appId && one.state === "given"));
  const all = (
    <Button component={Link} to={paths.operatorSupport()} variant="default">
      {t("support.all")}
    </Button>
  );
  if (given === undefined)
    return (
      <Page title={t("support.title")} guide="operator">
        <EmptyState title={t("support.notOpen")} action={all} />
      </Page>
    );
  return (
    <Page
      title={t("support.logTitle", { app: given.appName })}
      guide="operator"
      size="xl"
      action={all}
    >
      <Alert variant="light" icon={<IconEye size={20} aria-hidden />}>
        <Text>{t("support.logReason", { reason: given.reason })}</Text>
        <Text size="sm">
          {t("support.until")} <Timestamp at={given.endsAt} />
        </Text>
      </Alert>
      <AppEntries appId={appId} />
    </Page>
  );
}

/** Of several consents the server reads by the one that holds longest. */
const longest = (cases: readonly SupportCase[]): SupportCase | undefined =>
  cases.toSorted((one, other) => other.endsAt.localeCompare(one.endsAt))[0];

function AppEntries({ appId }: { appId: string }) {
  const { t } = useTranslation("operator");
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    appLogQuery(appId),
  );
  if (data === undefined)
    return error === null ? (
      <Loading />
    ) : (
      <ErrorAlert error={error} onRetry={() => void refetch()} />
    );
  const entries = data.pages.flatMap((page) => page.entries);
  return (
    <Stack component="section">
      <Title order={2}>{t("support.entries")}</Title>
      {entries.length === 0 && !hasNextPage ? (
        <EmptyState title={t("support.nothing")} />
      ) : (
        <EntryList entries={entries} hasOlder={hasNextPage} />
      )}
      {error !== null && <ErrorAlert error={error} />}
      {hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t("support.older")}
          </Button>
        </Group>
      )}
      <EntryDrawer known={entries} isForeign />
    </Stack>
  );
}
