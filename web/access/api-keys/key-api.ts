import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  ApiKey,
  ApiKeyDetails,
  KeyCaller,
  KeyCreated,
  NewKey,
  RevokeReason,
} from "../../../src/contract/access/api-keys.ts";
import { request } from "../../api/client.ts";
import { APPS } from "../apps/app-api.ts";

export type { ApiKey, KeyCaller, KeyCreated, RevokeReason };
export type KeyDetails = Static<typeof ApiKeyDetails>;

export const keysQuery = (serviceAccountId: string) =>
  queryOptions({
    queryKey: [APPS, "keys-of", serviceAccountId],
    queryFn: ({ signal }) =>
      request<{ keys: ApiKey[] }>("GET", `/service-accounts/${serviceAccountId}/keys`, { signal }),
  });

export const keyQuery = (keyId: string) =>
  queryOptions({
    queryKey: [APPS, "key", keyId],
    queryFn: ({ signal }) => request<KeyDetails>("GET", `/keys/${keyId}`, { signal }),
  });

/** The reply holds the key: keep it in the component that shows it, and nowhere else. */
export const createKey = (serviceAccountId: string, body: NewKey): Promise<KeyCreated> =>
  request<KeyCreated>("POST", `/service-accounts/${serviceAccountId}/keys`, {
    body,
    isCreation: true,
  });

/** The reply holds the new key. */
export const rotateKey = (keyId: string, overlapSeconds: number): Promise<KeyCreated> =>
  request<KeyCreated>("POST", `/keys/${keyId}/rotate`, {
    body: { overlapSeconds },
    isCreation: true,
  });

export const revokeKey = (keyId: string, reason: RevokeReason): Promise<void> =>
  request("DELETE", `/keys/${keyId}`, { body: { reason } });
