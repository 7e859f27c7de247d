import { Group, SegmentedControl, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/client.ts";
import { Loading } from "../../shell/loading.tsx";
import { Page } from "../../ui/page.tsx";
import { EntriesBoundary } from "./entries-boundary.tsx";
import { Entries } from "./entries.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { summaryQuery, type ApiQuery } from "./log-api.ts";
import { filterText, isNarrowed, readFilter, toApiQuery, toSummaryQuery } from "./log-filter.ts";
import { Overview } from "./overview.tsx";
import { SavedFilters } from "./saved-filters.tsx";
import { useLogFilter } from "./use-log-filter.ts";

/** What happened, as sentences: what is important one by one, what is routine with its counts. */
export function ActionLogPage() {
  const { t } = useTranslation("actionLog");
  const { filter, set } = useLogFilter();
  const asked = useApiQuery(filterText(filter));
  // The list follows in its own time: fields and menus never wait for it.
  const query = useDeferredValue(asked);
  const isBehind = query !== asked;
  const isImportant = filter.view !== "all";
  const counted = useSummary(query);
  const { summary } = counted;
  const people = useMemo(() => peopleIn(summary?.routine ?? []), [summary]);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      guide="action-log"
      size="xl"
      action={
        <Group gap="xs">
          <SavedFilters />
          <ExportDialog query={asked} isNarrowed={isNarrowed(filter)} />
        </Group>
      }
    >
      <Stack gap="xs">
        <Group gap="sm">
          <SegmentedControl
            aria-label={t("view")}
            value={isImportant ? "important" : "all"}
            onChange={(view) => set({ view: view === "all" ? "all" : null })}
            data={[
              { value: "important", label: t("important") },
              { value: "all", label: t("everything") },
            ]}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {isImportant ? t("importantExplained") : t("everythingExplained")}
        </Text>
      </Stack>
      <FilterBar people={people} />
      <Overview {...counted} hasRoutine={isImportant} filter={filter} />
      <VisuallyHidden role="status">{isBehind ? t("searching") : ""}</VisuallyHidden>
      <div aria-busy={isBehind} className="log-entries">
        {/* Around what is keyed: a new one would show that it is loading where the old entries stand. */}
        <Suspense fallback={<Loading />}>
          <EntriesBoundary key={JSON.stringify(query)}>
            <Entries query={query} isNarrowed={isNarrowed(filter)} />
          </EntriesBoundary>
        </Suspense>
      </div>
    </Page>
  );
}

/** One for each filter: a period that ends now does not move on with every letter typed. */
function useApiQuery(text: string): ApiQuery {
  const [openedAtMs] = useState(() => Date.now());
  return useMemo(
    () => toApiQuery(readFilter(new URLSearchParams(text)), openedAtMs),
    [text, openedAtMs],
  );
}

/** Counts come when they come; the entries do not wait for them. */
function useSummary(query: ApiQuery) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const counted = toSummaryQuery(query);
  const asked = counted === null ? null : { ...counted, timeZone };
  const { data, error, isPlaceholderData } = useQuery(summaryQuery(asked));
  const isTooMuch =
    error instanceof ApiProblem && error.errors.some(({ pointer }) => pointer === "/from");
  // The counts of the filter before stay while the new ones are on their way, and no longer.
  const isUsable = counted !== null && !(isPlaceholderData && error !== null);
  return { summary: isUsable ? data : undefined, isTooMuch, isCounted: counted !== null };
}

type Folds = readonly { actor: { accountId: string | null; displayName?: string | undefined } }[];

/** Who can be chosen: everybody who did something lately and has a name. */
function peopleIn(folds: Folds): { id: string; name: string }[] {
  const found = new Map<string, string>();
  for (const { actor } of folds)
    if (actor.accountId !== null && actor.displayName !== undefined)
      found.set(actor.accountId, actor.displayName);
  return [...found].map(([id, name]) => ({ id, name }));
}
