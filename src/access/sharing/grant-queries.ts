import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

export type GrantRow = {
  id: string;
  app_id: string;
  role: string;
  expires_at: Date | null;
  created_at: Date;
  account_id: string;
  kind: "person" | "service";
  email: string | null;
  display_name: string;
};

/** Live grants of an app, oldest first; of one account where it is named. */
export async function listGrants(
  db: Db,
  { appId, accountId, now }: { appId: string; accountId?: string | undefined; now: Date },
): Promise<GrantRow[]> {
  let query = liveGrants(db, now).where("access_grant.app_id", "=", appId);
  if (accountId !== undefined) query = query.where("access_grant.account_id", "=", accountId);
  const rows = await query.orderBy("access_grant.created_at").orderBy("access_grant.id").execute();
  return rows.map(withKind);
}

export async function findGrant(
  db: Db,
  { appId, grantId, now }: { appId: string; grantId: string; now: Date },
): Promise<GrantRow | undefined> {
  const row = await liveGrants(db, now)
    .where("access_grant.app_id", "=", appId)
    .where("access_grant.id", "=", grantId)
    .executeTakeFirst();
  return row && withKind(row);
}

/** The live grant of whoever holds the address, for an app. */
export async function findGrantOfAddress(
  db: Db,
  { appId, emailKey, now }: { appId: string; emailKey: string; now: Date },
): Promise<GrantRow | undefined> {
  const row = await liveGrants(db, now)
    .where("access_grant.app_id", "=", appId)
    .where("account.email_key", "=", emailKey)
    .executeTakeFirst();
  return row && withKind(row);
}

/**
 * Gives access, or replaces what there is; who may, and whether it may be replaced, has been judged
 * under the slots' locks.
 *
 * @returns the grant's id: that of the row that was there, if any.
 */
export async function upsertGrant(
  tx: Tx,
  grant: {
    id: string;
    accountId: string;
    appId: string;
    role: string;
    expiresAt: Date | null;
    grantedBy: string | null;
    createdAt: Date;
  },
): Promise<string> {
  const values = {
    role: grant.role,
    expires_at: grant.expiresAt,
    granted_by: grant.grantedBy,
    created_at: grant.createdAt,
  };
  // What was live goes on without a gap: another role does not begin it anew.
  const reachedSince = sql<Date>`case when access_grant.expires_at is null
    or access_grant.expires_at > excluded.created_at
    then access_grant.reached_since else excluded.reached_since end`;
  const row = await tx
    .insertInto("access_grant")
    .values({
      id: grant.id,
      account_id: grant.accountId,
      app_id: grant.appId,
      ...values,
      reached_since: grant.createdAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["account_id", "app_id"])
        .doUpdateSet({ ...values, reached_since: reachedSince }),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function updateGrant(
  tx: Tx,
  { grantId, role, expiresAt }: { grantId: string; role: string; expiresAt: Date | null },
): Promise<void> {
  await tx
    .updateTable("access_grant")
    .set({ role, expires_at: expiresAt })
    .where("id", "=", grantId)
    .execute();
}

export async function deleteGrant(tx: Tx, grantId: string): Promise<void> {
  await tx.deleteFrom("access_grant").where("id", "=", grantId).execute();
}

function liveGrants(db: Db, now: Date) {
  return db
    .selectFrom("access_grant")
    .innerJoin("account", "account.id", "access_grant.account_id")
    .select([
      "access_grant.id",
      "access_grant.app_id",
      "access_grant.role",
      "access_grant.expires_at",
      "access_grant.created_at",
      "access_grant.account_id",
      "account.kind",
      "account.email",
      "account.display_name",
    ])
    .where((eb) =>
      eb.or([eb("access_grant.expires_at", "is", null), eb("access_grant.expires_at", ">", now)]),
    );
}

function withKind<T extends { kind: string }>(row: T): T & { kind: "person" | "service" } {
  return { ...row, kind: row.kind === "service" ? "service" : "person" };
}
