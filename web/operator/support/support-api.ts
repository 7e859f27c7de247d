import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type {
  NewSupportRequest,
  SupportCase,
} from "../../../src/contract/operator/support-access.ts";
import type { EntryList } from "../../../src/contract/record/entries.ts";
import { request } from "../../api/client.ts";

export type { SupportCase } from "../../../src/contract/operator/support-access.ts";

export const supportCasesQuery = queryOptions({
  queryKey: ["operator", "support-cases"],
  queryFn: async ({ signal }) =>
    (await request<{ cases: SupportCase[] }>("GET", "/operator/support-cases", { signal })).cases,
});

/** Each page of it is an entry in the app's own log, so none is asked for by itself. */
export const appLogQuery = (appId: string) =>
  infiniteQueryOptions({
    queryKey: ["operator", "app-log", appId],
    queryFn: ({ signal, pageParam }) => {
      const asked = new URLSearchParams({
        appId,
        ...(pageParam !== null && { cursor: pageParam }),
      });
      return request<EntryList>("GET", `/operator/entries?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    gcTime: 0,
  });

export function useAskForAccess() {
  const queryClient = useQueryClient();
  return useMutation<unknown, Error, NewSupportRequest>({
    mutationFn: (body) => request("POST", "/operator/support-requests", { body, isCreation: true }),
    onSettled: () => queryClient.invalidateQueries(supportCasesQuery),
  });
}
