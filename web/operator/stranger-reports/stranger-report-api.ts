import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { StrangerReportList } from "../../../src/contract/operator/stranger-reports.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { StrangerReport } from "../../../src/contract/operator/stranger-reports.ts";

export const strangerReportsQuery = queryOptions({
  queryKey: ["operator", "stranger-reports"],
  queryFn: ({ signal }) =>
    request<StrangerReportList>("GET", "/operator/stranger-reports", { signal }),
});

export function useCloseReport() {
  const queryClient = useQueryClient();
  return useMutation<void, Error, string>({
    mutationFn: (id) => request("POST", `/operator/stranger-reports/${id}/close`, { body: {} }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(strangerReportsQuery)),
  });
}
