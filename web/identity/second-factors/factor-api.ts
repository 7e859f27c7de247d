import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  EnrolmentReply,
  SecondFactors,
} from "../../../src/contract/identity/second-factors.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";
import { sessionsQuery } from "../sessions/session-api.ts";

/** As many codes as a set has. */
export const CODES_IN_A_SET = 16;

/** From here on the page asks for a new set, as the mails do. */
export const FEW_CODES = 3;

export const factorsQuery = queryOptions({
  queryKey: ["second-factors"],
  queryFn: ({ signal }) => request<SecondFactors>("GET", "/second-factors", { signal }),
});

/** A new secret, which waits for its first code. */
export const beginEnrolment = () =>
  request<EnrolmentReply>("POST", "/second-factors/totp", { body: {} });

/** @returns the recovery codes, to be shown this once. */
export async function confirmEnrolment(code: string): Promise<string[]> {
  const body = { code: code.replaceAll(/\s/g, "") };
  const path = "/second-factors/totp/confirm";
  return (await request<{ recoveryCodes: string[] }>("POST", path, { body })).recoveryCodes;
}

/** Makes a new set; the one before dies. */
export function useMakeRecoveryCodes() {
  const refresh = useRefreshFactors();
  return useMutation({
    mutationFn: async () =>
      (await request<{ recoveryCodes: string[] }>("POST", "/recovery-codes", { body: {} }))
        .recoveryCodes,
    onSettled: (_reply, error) => unlessFailed(error, refresh()),
  });
}

/** After a change of factors: what is shown of them, and of the sessions that it may have ended. */
export function useRefreshFactors() {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries(factorsQuery),
      queryClient.invalidateQueries(sessionsQuery),
    ]);
  };
}
