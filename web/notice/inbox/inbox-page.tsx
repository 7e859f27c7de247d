import { Button, Group } from "@mantine/core";
import { useMutation, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorAlert } from "../../ui/error-alert.tsx";
import { LinkTabs } from "../../ui/link-tabs.tsx";
import { RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { inboxQuery, markSeen } from "../notice-api.ts";
import { InboxRow } from "./inbox-row.tsx";

const ARCHIVED = "archived";
/** What one call may mark. */
const MOST_AT_ONCE = 100;

/** What one was told: newest first, and what was put away. */
export function InboxPage() {
  const { t, i18n } = useTranslation("notices");
  const [tab] = useQueryValue("tab");
  const isArchived = tab === ARCHIVED;
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(
    inboxQuery({ isArchived, language: i18n.language }),
  );
  const items = data.pages.flatMap((page) => page.items);
  const unseen = items.filter(({ seenAt }) => seenAt === null).map(({ id }) => id);
  const seeAll = useMutation({ mutationFn: () => markSeen(unseen.slice(0, MOST_AT_ONCE)) });
  return (
    <Page
      title={t("titleInbox")}
      intro={t("inboxIntro")}
      action={
        !isArchived && unseen.length > 0 ? (
          <Button variant="default" loading={seeAll.isPending} onClick={() => seeAll.mutate()}>
            {t("markAllSeen")}
          </Button>
        ) : null
      }
    >
      <LinkTabs
        label={t("titleInbox")}
        tabs={[
          { to: paths.inbox(), label: t("inboxTab"), isHere: !isArchived },
          { to: paths.inbox({ tab: ARCHIVED }), label: t("archivedTab"), isHere: isArchived },
        ]}
      />
      {seeAll.error !== null && <ErrorAlert error={seeAll.error} />}
      {items.length === 0 && !hasNextPage ? (
        <EmptyState title={isArchived ? t("emptyArchived") : t("empty")}>
          {isArchived ? null : t("emptyHint")}
        </EmptyState>
      ) : (
        <RowList label={t("titleInbox")}>
          {items.map((item) => (
            <InboxRow key={item.id} item={item} />
          ))}
        </RowList>
      )}
      {error !== null && <ErrorAlert error={error} />}
      {hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t("older")}
          </Button>
        </Group>
      )}
    </Page>
  );
}
