import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Static } from "typebox";
import type { App, AppDetails, AppList, NewApp } from "../../../src/contract/access/apps.ts";
import type { LogSummary } from "../../../src/contract/record/summary.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type AppSummary = App;
export type OneApp = Static<typeof AppDetails>;

/** Every app-related query begins so: one invalidation after a change reaches all. */
export const APPS = "apps";

export const appsQuery = queryOptions({
  queryKey: [APPS],
  queryFn: ({ signal }) => request<Static<typeof AppList>>("GET", "/apps", { signal }),
});

export const appQuery = (appId: string) =>
  queryOptions({
    queryKey: [APPS, appId],
    queryFn: ({ signal }) => request<OneApp>("GET", `/apps/${appId}`, { signal }),
  });

const TWO_WEEKS_MS = 13 * 86_400_000;

/** What was done to an app in the last two weeks, by day of the reader's zone. */
export const activityQuery = (appId: string, nowMs: number) =>
  queryOptions({
    queryKey: [APPS, appId, "activity"],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        app: appId,
        from: new Date(nowMs - TWO_WEEKS_MS).toISOString(),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
      return request<LogSummary>("GET", `/audit/summary?${query}`, { signal });
    },
    staleTime: 60_000,
  });

/** The `:appId` of the page's address. */
export function useAppId(): string {
  const { appId } = useParams();
  if (appId === undefined) throw new Error("the route has no :appId");
  return appId;
}

/** The app whose page this is, with what the person may do to it. */
export const useApp = (): OneApp => useSuspenseQuery(appQuery(useAppId())).data;

/**
 * A change of an app or of what hangs on it: all of that is read again afterwards.
 *
 * @param isGone what the page shows is no more: nothing is read until the next page asks.
 */
export function useAppChange<Given, Reply = void>(
  change: (given: Given) => Promise<Reply>,
  { isGone = false }: { isGone?: boolean } = {},
) {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Given>({
    mutationFn: change,
    onSettled: (_reply, error) =>
      unlessFailed(
        error,
        queryClient.invalidateQueries({
          queryKey: [APPS],
          refetchType: isGone && error === null ? "none" : "active",
        }),
      ),
  });
}

export const createApp = (body: NewApp): Promise<App> =>
  request<App>("POST", "/apps", { body, isCreation: true });

export const renameApp = (appId: string, name: string): Promise<App> =>
  request<App>("PATCH", `/apps/${appId}`, { body: { name } });

export const deleteApp = (appId: string): Promise<void> => request("DELETE", `/apps/${appId}`);

/** Hands the app to another organisation of one's own: at once. */
export const moveApp = (appId: string, organisationId: string): Promise<App> =>
  request<App>("POST", `/apps/${appId}/transfer`, { body: { organisationId } });

/** Offers the app to somebody by mail. */
export const offerApp = (appId: string, email: string): Promise<void> =>
  request("POST", `/apps/${appId}/transfer`, { body: { email }, isCreation: true });

export const takeOfferBack = (appId: string): Promise<void> =>
  request("DELETE", `/apps/${appId}/transfer`);
