import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  SessionRules,
  SessionRulesChange,
} from "../../../src/contract/access/session-rules.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { SessionRules, SessionRulesChange };

export const sessionRulesQuery = queryOptions({
  queryKey: ["session-rules"],
  queryFn: ({ signal }) => request<SessionRules>("GET", "/account/address-rules", { signal }),
});

export const changeSessionRules = (body: SessionRulesChange): Promise<SessionRules> =>
  request("PUT", "/account/address-rules", { body });

export function useConfirmSessionRules() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request("POST", "/account/address-rules/confirm"),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(sessionRulesQuery)),
  });
}
