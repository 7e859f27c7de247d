import { Alert, Button, Group, Stack, Switch, Text, Title } from "@mantine/core";
import { useQueryClient, useSuspenseInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { EntryDrawer } from "./entry-drawer.tsx";
import { EntryList } from "./entry-list.tsx";
import type { Following } from "./follow-log.ts";
import { entriesQuery, type ApiQuery, type LogEntry } from "./log-api.ts";
import { useLiveEntries } from "./use-live-entries.ts";

/** Where nothing fits yet, all that will is new; the browser's clock has no say in it. */
const THE_BEGINNING = "1970-01-01T00:00:00Z";

/** The entries that fit, newest first; older ones when asked for, new ones as they come. */
export function Entries({ query, isNarrowed }: { query: ApiQuery; isNarrowed: boolean }) {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(
    entriesQuery(query),
  );
  const read = data.pages.flatMap((page) => page.entries);
  const [isWanted, setWanted] = useState(true);
  const { from: _from, to, ...timeless } = query;
  const live = useLiveEntries({
    query: timeless,
    since: read[0]?.at ?? THE_BEGINNING,
    isOn: isWanted && to === undefined,
  });
  const entries = distinct([...live.shown, ...read]);
  return (
    <Stack gap="md" component="section">
      <LiveHead
        canFollow={to === undefined}
        isOn={isWanted}
        state={live.state}
        onChange={setWanted}
        onTry={live.again}
      />
      <NewEntries
        count={live.waiting.length}
        hasMore={live.hasMore}
        onShow={() => {
          live.showWaiting();
          globalThis.scrollTo({ top: 0 });
        }}
      />
      {entries.length === 0 ? (
        <NothingHere
          isNarrowed={isNarrowed}
          isAll={query["class"] === undefined}
          hasOlder={hasNextPage}
        />
      ) : (
        <EntryList entries={entries} hasOlder={hasNextPage} />
      )}
      <Foot
        hasOlder={hasNextPage}
        isFetching={isFetchingNextPage}
        isEmpty={entries.length === 0}
        isNarrowed={isNarrowed}
        onOlder={() => void fetchNextPage()}
      />
      <EntryDrawer known={entries} />
    </Stack>
  );
}

function distinct(entries: readonly LogEntry[]): LogEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

function NewEntries({
  count,
  hasMore,
  onShow,
}: {
  count: number;
  hasMore: boolean;
  onShow: () => void;
}) {
  const { t } = useTranslation("actionLog");
  const queryClient = useQueryClient();
  if (count === 0 && !hasMore) return null;
  const readAnew = () => queryClient.resetQueries({ queryKey: ["audit", "entries"] });
  return (
    <Group justify="center" pos="sticky" top={64} style={{ zIndex: 2 }}>
      <Button size="xs" onClick={hasMore ? () => void readAnew() : onShow}>
        {hasMore ? t("manyNew") : t("newEntries", { count })}
      </Button>
    </Group>
  );
}

type NothingProps = { isNarrowed: boolean; isAll: boolean; hasOlder: boolean };

function NothingHere({ isNarrowed, isAll, hasOlder }: NothingProps) {
  const { t } = useTranslation("actionLog");
  if (hasOlder) return <EmptyState title={t("nothingYet")}>{t("nothingYetHint")}</EmptyState>;
  const action = isAll ? undefined : (
    <Button component={Link} to={paths.actionLog({ view: "all" })} variant="default" size="xs">
      {t("showEverything")}
    </Button>
  );
  return (
    <EmptyState title={isNarrowed ? t("emptyTitle") : t("emptyTitleNew")} action={action}>
      {isNarrowed ? t("emptyFiltered") : t("emptyNew")}
    </EmptyState>
  );
}

const NOT_LIVE = { waiting: "liveWaiting", broken: "liveBroken", over: "liveLost" } as const;

type HeadProps = {
  canFollow: boolean;
  isOn: boolean;
  state: Following;
  onChange: (isOn: boolean) => void;
  onTry: () => void;
};

function LiveHead({ canFollow, isOn, state, onChange, onTry }: HeadProps) {
  const { t } = useTranslation("actionLog");
  return (
    <>
      <Group justify="space-between">
        <Title order={2}>{t("entries")}</Title>
        {canFollow && (
          <Switch
            label={t("live")}
            description={state === "open" ? t("liveOn") : undefined}
            checked={isOn}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
        )}
      </Group>
      {canFollow && isOn && state !== "open" && (
        <Alert color="yellow" role="status">
          <Group justify="space-between">
            <Text>{t(NOT_LIVE[state])}</Text>
            <Button variant="default" size="xs" onClick={onTry}>
              {t("goLive")}
            </Button>
          </Group>
        </Alert>
      )}
    </>
  );
}

type FootProps = {
  hasOlder: boolean;
  isFetching: boolean;
  isEmpty: boolean;
  isNarrowed: boolean;
  onOlder: () => void;
};

function Foot({ hasOlder, isFetching, isEmpty, isNarrowed, onOlder }: FootProps) {
  const { t } = useTranslation("actionLog");
  if (hasOlder)
    return (
      <Group justify="center">
        <Button variant="default" loading={isFetching} onClick={onOlder}>
          {isEmpty ? t("lookFurther") : t("older")}
        </Button>
      </Group>
    );
  if (isEmpty) return null;
  return (
    <Text ta="center" size="sm" c="dimmed">
      {isNarrowed ? t("endFiltered") : t("end")}
    </Text>
  );
}
