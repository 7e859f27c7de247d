import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { EntryList, LogEntry, StreamEvents } from "../../../src/contract/record/entries.ts";
import type { SavedFilter } from "../../../src/contract/record/saved-filters.ts";
import type { LogSummary } from "../../../src/contract/record/summary.ts";
import { request } from "../../api/client.ts";

export type { LogEntry, LogSummary, SavedFilter, StreamEvents };
export type ApiQuery = Record<string, string>;

/**
 * How long pages are asked for until one has an entry, ms: a filter that fits little answers short pages,
 * and in a long log somebody would wait for all of them.
 */
const PATIENCE_MS = 1_500;

const withQuery = (path: string, query: ApiQuery): string =>
  `${path}?${new URLSearchParams(query)}`;

export const entriesQuery = (query: ApiQuery) =>
  infiniteQueryOptions({
    queryKey: ["audit", "entries", query],
    queryFn: async ({ signal, pageParam }): Promise<EntryList> => {
      let cursor: string | null = pageParam;
      const began = performance.now();
      for (;;) {
        const given = { ...query, ...(cursor !== null && { cursor }) };
        const page = await request<EntryList>("GET", withQuery("/audit/entries", given), {
          signal,
        });
        cursor = page.nextCursor;
        if (page.entries.length > 0 || cursor === null) return page;
        if (performance.now() - began > PATIENCE_MS) return page;
      }
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // What is new comes by itself; reading all pages again would put each on record.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const entryQuery = (id: string) =>
  queryOptions({
    queryKey: ["audit", "entry", id],
    queryFn: ({ signal }) =>
      request<LogEntry>("GET", `/audit/entries/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const summaryQuery = (query: ApiQuery | null) =>
  queryOptions({
    queryKey: ["audit", "summary", query],
    queryFn: ({ signal }) =>
      request<LogSummary>("GET", withQuery("/audit/summary", query ?? {}), { signal }),
    enabled: query !== null,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** Where the log is followed; below /v1. */
export const streamPath = (query: ApiQuery): string => withQuery("/audit/stream", query);

/** Where it is read as a file; below /v1. */
export const exportPath = (query: ApiQuery): string => withQuery("/audit/export", query);

export const savedFiltersQuery = queryOptions({
  queryKey: ["audit", "saved-filters"],
  queryFn: async ({ signal }) =>
    (await request<{ filters: SavedFilter[] }>("GET", "/audit/saved-filters", { signal })).filters,
});

function useFilterChange<Given, Reply>(act: (given: Given) => Promise<Reply>) {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Given>({
    mutationFn: act,
    onSuccess: () => queryClient.invalidateQueries(savedFiltersQuery),
  });
}

export const useKeepFilter = () =>
  useFilterChange((body: { name: string; query: string }) =>
    request<SavedFilter>("POST", "/audit/saved-filters", { body, isCreation: true }),
  );

export const useRenameFilter = () =>
  useFilterChange(({ id, name }: { id: string; name: string }) =>
    request<SavedFilter>("PATCH", `/audit/saved-filters/${id}`, { body: { name } }),
  );

export const useDeleteFilter = () =>
  useFilterChange((id: string) => request("DELETE", `/audit/saved-filters/${id}`));
