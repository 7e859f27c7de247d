import { sql } from "kysely";
import { revokeReasons, type RevokeReason } from "../../contract/access/api-keys.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

export type ApiKeyRow = {
  id: string;
  accountId: string;
  name: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  revokeReason: RevokeReason | null;
  rotatedFrom: string | null;
  rotatedTo: string | null;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
};

export async function findKey(db: Db, id: string): Promise<ApiKeyRow | undefined> {
  const row = await keys(db).where("api_key.id", "=", id).executeTakeFirst();
  return row && toRow(row);
}

/** A service account's keys: live ones first, newest first, at most `limit`. */
export async function listKeys(
  db: Db,
  { accountId, now, limit }: { accountId: string; now: Date; limit: number },
): Promise<ApiKeyRow[]> {
  const rows = await keys(db)
    .where("api_key.account_id", "=", accountId)
    .orderBy(sql`api_key.revoked_at is null and api_key.expires_at > ${now}`, "desc")
    .orderBy("api_key.created_at", "desc")
    .orderBy("api_key.id")
    .limit(limit)
    .execute();
  return rows.map(toRow);
}

function keys(db: Db) {
  return db
    .selectFrom("api_key")
    .leftJoin("api_key as successor", "successor.rotated_from", "api_key.id")
    .select([
      "api_key.id",
      "api_key.account_id",
      "api_key.name",
      "api_key.created_at",
      "api_key.expires_at",
      "api_key.revoked_at",
      "api_key.revoke_reason",
      "api_key.rotated_from",
      "successor.id as rotated_to",
      "api_key.last_used_at",
      "api_key.last_used_address",
    ]);
}

function toRow(
  row: Awaited<ReturnType<ReturnType<typeof keys>["executeTakeFirstOrThrow"]>>,
): ApiKeyRow {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    revokeReason: revokeReasons.find((reason) => reason === row.revoke_reason) ?? null,
    rotatedFrom: row.rotated_from,
    rotatedTo: row.rotated_to,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  };
}

export async function insertKey(
  tx: Tx,
  key: {
    id: string;
    accountId: string;
    name: string;
    mac: Buffer;
    macKeyId: string;
    createdBy: string;
    createdAt: Date;
    expiresAt: Date;
    rotatedFrom: string | null;
  },
): Promise<void> {
  await tx
    .insertInto("api_key")
    .values({
      id: key.id,
      account_id: key.accountId,
      name: key.name,
      mac: key.mac,
      mac_key_id: key.macKeyId,
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      rotated_from: key.rotatedFrom,
    })
    .execute();
}

/** Brings a live key's end forward; never later than its own. False when it is not live any more. */
export async function endKeyAt(
  tx: Tx,
  { id, endsAt, now }: { id: string; endsAt: Date; now: Date },
): Promise<{ expiresAt: Date } | undefined> {
  const row = await tx
    .updateTable("api_key")
    .set({ expires_at: sql`least(expires_at, ${endsAt})` })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .returning("expires_at")
    .executeTakeFirst();
  return row && { expiresAt: row.expires_at };
}

/** False when it was revoked already. */
export async function revokeKeyRow(
  tx: Tx,
  { id, reason, now }: { id: string; reason: RevokeReason; now: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable("api_key")
    .set({ revoked_at: now, revoke_reason: reason })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** A key that was presented, with everything about it that its use depends on. */
export type PresentedKey = {
  id: string;
  accountId: string;
  appId: string;
  organisationId: string;
  mac: Buffer;
  macKeyId: string;
  expiresAt: Date;
  isRevoked: boolean;
  /** Service account disabled or deleted, or app disabled or deleted. */
  isDisabled: boolean;
  /** Null when its access was taken away. */
  grant: { role: string; expiresAt: Date | null } | null;
};

export async function findPresentedKey(db: Db, id: string): Promise<PresentedKey | undefined> {
  const row = await db
    .selectFrom("api_key")
    .innerJoin("account", "account.id", "api_key.account_id")
    .innerJoin("service_account as service", "service.account_id", "api_key.account_id")
    .innerJoin("app", "app.id", "service.app_id")
    .leftJoin("access_grant as held", (join) =>
      join
        .onRef("held.account_id", "=", "api_key.account_id")
        .onRef("held.app_id", "=", "service.app_id"),
    )
    .select([
      "api_key.id",
      "api_key.account_id",
      "service.app_id",
      "app.organisation_id",
      "api_key.mac",
      "api_key.mac_key_id",
      "api_key.expires_at",
      "api_key.revoked_at",
      "held.role",
      "held.expires_at as grant_expires_at",
    ])
    .select(
      sql<boolean>`account.disabled_at is not null or service.deleted_at is not null
        or app.disabled_at is not null or app.deleted_at is not null`.as("is_disabled"),
    )
    .where("api_key.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    id: row.id,
    accountId: row.account_id,
    appId: row.app_id,
    organisationId: row.organisation_id,
    mac: row.mac,
    macKeyId: row.mac_key_id,
    expiresAt: row.expires_at,
    isRevoked: row.revoked_at !== null,
    isDisabled: row.is_disabled,
    grant: row.role === null ? null : { role: row.role, expiresAt: row.grant_expires_at },
  };
}
