import { queryOptions } from "@tanstack/react-query";
import type { EffectivePasswordPolicy } from "../../../src/contract/identity/password-policy.ts";
import type { PasswordChangeRequest } from "../../../src/contract/identity/passwords.ts";
import { request } from "../../api/client.ts";
import { queryClient } from "../../api/query-client.ts";
import { sessionsQuery } from "../sessions/session-api.ts";

export type { EffectivePasswordPolicy };

/** What is asked of one's own password, and by whom. */
export const ownPolicyQuery = queryOptions({
  queryKey: ["account", "password-policy"],
  queryFn: ({ signal }) =>
    request<EffectivePasswordPolicy>("GET", "/account/password-policy", { signal }),
});

/** The step that is missing: a sign-in goes on by it, so that a refusal is the form's to show. */
export async function chooseNewPassword(given: PasswordChangeRequest): Promise<void> {
  await request("POST", "/account/password", { body: given, isAlone: true });
}

/** Gives the account another password; every other session of it ends. */
export async function changePassword(given: PasswordChangeRequest): Promise<void> {
  await request("POST", "/account/password", { body: given });
  await Promise.all([
    queryClient.invalidateQueries(sessionsQuery),
    queryClient.invalidateQueries(ownPolicyQuery),
  ]);
}
