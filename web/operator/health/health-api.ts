import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Health, Queue } from "../../../src/contract/operator/health.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { Health, Queue } from "../../../src/contract/operator/health.ts";

/** How often the pages look again, ms. */
const REFRESH_MS = 15_000;

export const healthQuery = queryOptions({
  queryKey: ["operator", "health"],
  queryFn: ({ signal }) => request<Health>("GET", "/operator/health", { signal }),
  refetchInterval: REFRESH_MS,
});

export const queueQuery = queryOptions({
  queryKey: ["operator", "queue"],
  queryFn: ({ signal }) => request<Queue>("GET", "/operator/queue", { signal }),
  refetchInterval: REFRESH_MS,
});

export function useRetryJob() {
  const queryClient = useQueryClient();
  return useMutation<void, Error, string>({
    mutationFn: (jobId) => request("POST", `/operator/queue/${jobId}/retry`, { body: {} }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries({ queryKey: ["operator"] })),
  });
}
