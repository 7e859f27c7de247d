import { queryOptions } from "@tanstack/react-query";
import { useParams } from "react-router";
import type {
  NewServiceAccount,
  ServiceAccount,
  ServiceAccountChange,
} from "../../../src/contract/access/service-accounts.ts";
import { request } from "../../api/client.ts";
import { APPS } from "../apps/app-api.ts";

export type { ServiceAccount };

export const serviceAccountsQuery = (appId: string) =>
  queryOptions({
    queryKey: [APPS, appId, "service-accounts"],
    queryFn: ({ signal }) =>
      request<{ serviceAccounts: ServiceAccount[] }>("GET", `/apps/${appId}/service-accounts`, {
        signal,
      }),
  });

export const serviceAccountQuery = (id: string) =>
  queryOptions({
    queryKey: [APPS, "service-account", id],
    queryFn: ({ signal }) => request<ServiceAccount>("GET", `/service-accounts/${id}`, { signal }),
  });

/** The `:serviceAccountId` of the page's address. */
export function useServiceAccountId(): string {
  const { serviceAccountId } = useParams();
  if (serviceAccountId === undefined) throw new Error("the route has no :serviceAccountId");
  return serviceAccountId;
}

export const createServiceAccount = (
  appId: string,
  body: NewServiceAccount,
): Promise<{ id: string }> =>
  request<{ id: string }>("POST", `/apps/${appId}/service-accounts`, { body, isCreation: true });

export const changeServiceAccount = (
  id: string,
  body: ServiceAccountChange,
): Promise<ServiceAccount> => request<ServiceAccount>("PATCH", `/service-accounts/${id}`, { body });

export const deleteServiceAccount = (id: string): Promise<void> =>
  request("DELETE", `/service-accounts/${id}`);
