import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  NewOperatorKey,
  OperatorKey,
  OperatorKeyCreated,
} from "../../../src/contract/operator/keys.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { OperatorKey, OperatorKeyCreated } from "../../../src/contract/operator/keys.ts";

export const operatorKeysQuery = queryOptions({
  queryKey: ["operator", "keys"],
  queryFn: async ({ signal }) => {
    const { keys } = await request<{ keys: OperatorKey[] }>("GET", "/operator/keys", { signal });
    return { keys, readAt: Date.now() };
  },
});

export function useCreateKey() {
  const queryClient = useQueryClient();
  return useMutation<OperatorKeyCreated, Error, NewOperatorKey>({
    mutationFn: (body) => request("POST", "/operator/keys", { body, isCreation: true }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(operatorKeysQuery)),
  });
}

export type RevokeReason = NonNullable<OperatorKey["revokeReason"]>;

export function useRevokeKey() {
  const queryClient = useQueryClient();
  return useMutation<void, Error, { id: string; reason: RevokeReason }>({
    mutationFn: ({ id, reason }) => request("DELETE", `/operator/keys/${id}`, { body: { reason } }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(operatorKeysQuery)),
  });
}
