import type { ApiKey, KeyCaller as CallerView } from "../../contract/access/api-keys.ts";
import type { ApiKeyRow } from "./api-key-queries.ts";
import type { KeyCaller } from "./caller-queries.ts";
import { prefixOf } from "./make-key.ts";

/** A key as its reader may see it. */
export function toApiKey(row: ApiKeyRow, now: Date): ApiKey {
  return {
    id: row.id,
    serviceAccountId: row.accountId,
    name: row.name,
    prefix: prefixOf(row.id),
    state: stateOf(row, now),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedAddress: row.lastUsedAddress,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokeReason: row.revokeReason,
    rotatedFrom: row.rotatedFrom,
    rotatedTo: row.rotatedTo,
  };
}

function stateOf({ revokedAt, expiresAt }: ApiKeyRow, now: Date): ApiKey["state"] {
  if (revokedAt !== null) return "revoked";
  return expiresAt > now ? "live" : "expired";
}

export function toKeyCaller(caller: KeyCaller): CallerView {
  return {
    address: caller.address,
    keyId: caller.keyId,
    firstSeenAt: caller.firstSeenAt.toISOString(),
    lastSeenAt: caller.lastSeenAt.toISOString(),
    count: caller.count,
    refusedCount: caller.refusedCount,
  };
}
