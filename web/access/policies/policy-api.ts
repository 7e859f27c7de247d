import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  BoundPerson,
  PasswordDemand,
  PasswordDemanded,
  PasswordPolicy,
  PasswordPolicyChange,
  PasswordPolicySimulation,
} from "../../../src/contract/access/password-policies.ts";
import { request } from "../../api/client.ts";
import { ownPolicyQuery } from "../../identity/passwords/password-api.ts";

export type { BoundPerson, PasswordPolicy, PasswordPolicyChange, PasswordPolicySimulation };

const POLICY = "password-policy";

export const policyQuery = (organisationId: string) =>
  queryOptions({
    queryKey: [POLICY, organisationId],
    queryFn: ({ signal }) =>
      request<PasswordPolicy>("GET", `/policies/password?organisationId=${organisationId}`, {
        signal,
      }),
  });

/** Whom it would bind, and from when; changes nothing. */
export const simulationQuery = (wanted: PasswordPolicyChange) =>
  queryOptions({
    queryKey: [POLICY, "simulation", wanted],
    queryFn: ({ signal }) =>
      request<PasswordPolicySimulation>("POST", "/policies/password/simulate", {
        body: wanted,
        signal,
      }),
    gcTime: 0,
  });

export function useChangePolicy() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wanted: PasswordPolicyChange) =>
      request<PasswordPolicy>("PUT", "/policies/password", { body: wanted }),
    onSuccess: async (policy) => {
      queryClient.setQueryData(policyQuery(policy.organisation.id).queryKey, policy);
      await queryClient.invalidateQueries(ownPolicyQuery);
    },
  });
}

export function useDemand() {
  return useMutation({
    mutationFn: (demand: PasswordDemand) =>
      request<PasswordDemanded>("POST", "/policies/password/expire", { body: demand }),
  });
}
