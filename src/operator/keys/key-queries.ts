import type { Db, Tx } from "../../platform/db/db.ts";
import type { RevokeReason } from "../../contract/access/api-keys.ts";
import { operatorScopes } from "../../contract/operator/keys.ts";
import type { OperatorScope } from "../../context.ts";

/** Everything that the check of a presented key needs. */
export type StoredKey = {
  id: string;
  name: string;
  mac: Buffer;
  macKeyId: string;
  scopes: OperatorScope[];
  addresses: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

export async function findKeys(db: Db, ids: readonly string[]): Promise<StoredKey[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("operator_key")
    .select([
      "id",
      "name",
      "mac",
      "mac_key_id as macKeyId",
      "scopes",
      "addresses",
      "expires_at as expiresAt",
      "revoked_at as revokedAt",
      "last_used_at as lastUsedAt",
    ])
    .where("id", "in", [...ids])
    .execute();
  return rows.map((row) => ({
    ...row,
    scopes: operatorScopes.filter((scope) => row.scopes.includes(scope)),
  }));
}

/** A single statement of its own: nothing hangs on it. */
export async function noteUse(
  db: Db,
  { keyId, now, usedBefore }: { keyId: string; now: Date; usedBefore: Date },
): Promise<void> {
  await db
    .updateTable("operator_key")
    .set({ last_used_at: now })
    .where("id", "=", keyId)
    .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", usedBefore)]))
    .execute();
}

export async function countLiveKeys(tx: Tx, now: Date): Promise<number> {
  const { count } = await tx
    .selectFrom("operator_key")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("revoked_at", "is", null)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertKey(
  tx: Tx,
  key: {
    id: string;
    name: string;
    mac: Buffer;
    macKeyId: string;
    scopes: readonly OperatorScope[];
    addresses: readonly string[];
    createdBy: string;
    createdAt: Date;
    expiresAt: Date | null;
  },
): Promise<void> {
  await tx
    .insertInto("operator_key")
    .values({
      id: key.id,
      name: key.name,
      mac: key.mac,
      mac_key_id: key.macKeyId,
      scopes: [...key.scopes],
      addresses: [...key.addresses],
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .execute();
}

/** The operator's keys, newest first; those that ended too. */
export async function listKeys(db: Db) {
  return await db
    .selectFrom("operator_key")
    .select([
      "id",
      "name",
      "scopes",
      "addresses",
      "created_at",
      "expires_at",
      "last_used_at",
      "revoked_at",
      "revoke_reason",
    ])
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(1_000)
    .execute();
}

/** False when it was revoked before: of two at once one is the one that did it. */
export async function markRevoked(
  tx: Tx,
  { keyId, reason, now }: { keyId: string; reason: RevokeReason; now: Date },
): Promise<boolean> {
  const marked = await tx
    .updateTable("operator_key")
    .set({ revoked_at: now, revoke_reason: reason })
    .where("id", "=", keyId)
    .where("revoked_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return marked !== undefined;
}
