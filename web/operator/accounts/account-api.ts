import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { AccountDetails, AccountPage } from "../../../src/contract/operator/accounts.ts";
import type { AddressReportList } from "../../../src/contract/operator/address-reports.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type { AccountDetails, AccountSummary } from "../../../src/contract/operator/accounts.ts";

export const accountsQuery = ({ query, cursor }: { query: string; cursor: string | null }) =>
  queryOptions({
    queryKey: ["operator", "accounts", query, cursor],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams();
      if (query !== "") asked.set("query", query);
      if (cursor !== null) asked.set("cursor", cursor);
      return request<AccountPage>("GET", `/operator/accounts?${asked}`, { signal });
    },
    placeholderData: keepPreviousData,
  });

/** A look at a person's account, which goes on record with its reason and is seen by the person. */
export const readAccount = (accountId: string, reason: string) =>
  request<AccountDetails>("GET", `/operator/accounts/${accountId}`, {
    headers: { "x-sallyport-reason": asHeader(reason) },
  });

/** A header carries Latin-1 alone: other letters lose their marks, and what then still is none becomes "?". */
const asHeader = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(NOT_LATIN_1, (letter) => letter.normalize("NFKD").replaceAll(/\p{M}/gu, ""))
    .replaceAll(NOT_LATIN_1, "?");

const NOT_LATIN_1 = /[^\u0020-\u007E\u00A0-\u00FF]/gu;

/** Disables with a reason, or enables (null). */
export function useChangeState(accountId: string) {
  const queryClient = useQueryClient();
  return useMutation<void, Error, { disableFor: string | null }>({
    mutationFn: ({ disableFor }) =>
      disableFor === null
        ? request("POST", `/operator/accounts/${accountId}/enable`, { body: {} })
        : request("POST", `/operator/accounts/${accountId}/disable`, {
            body: { reason: disableFor },
          }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries({ queryKey: ["operator", "accounts"] })),
  });
}

/** Asks for a reset of the second factors with a reason, or cancels one (null). */
export function useFactorReset(accountId: string) {
  return useMutation<unknown, Error, string | null>({
    mutationFn: (reason) => {
      const path = `/operator/accounts/${accountId}/factor-reset`;
      return reason === null
        ? request("DELETE", path)
        : request("POST", path, { body: { reason } });
    },
  });
}

/** Changes of a sign-in address that people said were not theirs. */
export const addressReportsQuery = queryOptions({
  queryKey: ["operator", "address-reports"],
  queryFn: ({ signal }) =>
    request<AddressReportList>("GET", "/operator/address-reports", { signal }),
});

export function useCloseReport() {
  const queryClient = useQueryClient();
  return useMutation<unknown, Error, string>({
    mutationFn: (id) => request("POST", `/operator/address-reports/${id}/close`, { body: {} }),
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(addressReportsQuery)),
  });
}
