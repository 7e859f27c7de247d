import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { OwnRecovery, RecoveryWait } from "../../../src/contract/identity/recovery.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

/** What a stranger can have mailed: the answer is the same for every address. */
export const askLink = (path: "/password-resets" | "/recovery", email: string) =>
  request("POST", path, { body: { email: email.trim() }, isAlone: true });

export const resetPassword = (body: { token: string; newPassword: string }) =>
  request("POST", "/password-resets/confirm", { body, isAlone: true });

export const beginRecovery = (token: string) =>
  request<RecoveryWait>("POST", "/recovery/begin", { body: { token }, isAlone: true });

export const stopRecoveryByLink = (token: string) =>
  request("POST", "/recovery/stop", { body: { token }, isAlone: true });

export const recoveryQuery = queryOptions({
  queryKey: ["account", "recovery"],
  queryFn: ({ signal }) => request<OwnRecovery>("GET", "/account/recovery", { signal }),
});

export function useStopRecovery() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => request("DELETE", "/account/recovery"),
    onSettled: (_reply, error) => unlessFailed(error, queryClient.invalidateQueries(recoveryQuery)),
  });
}
