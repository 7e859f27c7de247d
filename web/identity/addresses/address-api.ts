import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  ConfirmedAddress,
  OwnAddresses,
  UndoneChange,
} from "../../../src/contract/identity/addresses.ts";
import { request } from "../../api/client.ts";
import { unlessFailed } from "../../api/query-client.ts";

export type AddressKind = ConfirmedAddress["kind"];

export const addressesQuery = queryOptions({
  queryKey: ["account", "addresses"],
  queryFn: ({ signal }) => request<OwnAddresses>("GET", "/account/addresses", { signal }),
});

function useAddressChange<Given>(mutationFn: (given: Given) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation<unknown, Error, Given>({
    mutationFn,
    onSettled: (_reply, error) =>
      unlessFailed(error, queryClient.invalidateQueries(addressesQuery)),
  });
}

export const useAskAddress = (kind: AddressKind) =>
  useAddressChange((email: string) =>
    request("PUT", `/account/addresses/${kind}`, { body: { email: email.trim() } }),
  );

export const useRemoveBackup = () =>
  useAddressChange<void>(() => request("DELETE", "/account/addresses/backup"));

export const useCancelWaiting = () =>
  useAddressChange((kind: AddressKind) => request("DELETE", `/account/addresses/${kind}/waiting`));

export const confirmAddress = (token: string) =>
  request<ConfirmedAddress>("POST", "/account/addresses/confirm", {
    body: { token },
    isAlone: true,
  });

export const undoChange = (token: string) =>
  request<UndoneChange>("POST", "/account/addresses/undo", { body: { token }, isAlone: true });
