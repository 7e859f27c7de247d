import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

export type ServiceAccountRow = {
  id: string;
  appId: string;
  name: string;
  disabledAt: Date | null;
  createdAt: Date;
  createdBy: { id: string; displayName: string } | null;
  /** As granted; null when its access was taken away. The end may have passed. */
  role: string | null;
  expiresAt: Date | null;
  liveKeys: number;
  lastUsedAt: Date | null;
};

/** A service account that was not deleted. */
export async function findServiceAccount(
  db: Db,
  { id, now }: { id: string; now: Date },
): Promise<ServiceAccountRow | undefined> {
  const row = await serviceAccounts(db, now)
    .where("service.account_id", "=", id)
    .executeTakeFirst();
  return row && toRow(row);
}

/** An app's service accounts, by name. */
export async function listServiceAccounts(
  db: Db,
  { appId, now }: { appId: string; now: Date },
): Promise<ServiceAccountRow[]> {
  const rows = await serviceAccounts(db, now)
    .where("service.app_id", "=", appId)
    .orderBy("account.display_name")
    .orderBy("service.account_id")
    .execute();
  return rows.map(toRow);
}

function serviceAccounts(db: Db, now: Date) {
  return db
    .selectFrom("service_account as service")
    .innerJoin("account", "account.id", "service.account_id")
    .leftJoin("account as maker", "maker.id", "service.created_by")
    .leftJoin("access_grant as held", (join) =>
      join
        .onRef("held.account_id", "=", "service.account_id")
        .onRef("held.app_id", "=", "service.app_id"),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("api_key")
          .select([
            sql<number>`count(*) filter (where revoked_at is null and expires_at > ${now})::int`.as(
              "live",
            ),
            sql<Date | null>`max(last_used_at)`.as("last_used_at"),
          ])
          .whereRef("api_key.account_id", "=", "service.account_id")
          .as("keys"),
      (join) => join.onTrue(),
    )
    .select([
      "service.account_id",
      "service.app_id",
      "account.display_name",
      "account.disabled_at",
      "account.created_at",
      "maker.id as maker_id",
      "maker.display_name as maker_name",
      "held.role",
      "held.expires_at",
      "keys.live",
      "keys.last_used_at",
    ])
    .where("service.deleted_at", "is", null);
}

type SelectedRow = Awaited<
  ReturnType<ReturnType<typeof serviceAccounts>["executeTakeFirstOrThrow"]>
>;

function toRow(row: SelectedRow): ServiceAccountRow {
  const { maker_id: makerId, maker_name: makerName } = row;
  return {
    id: row.account_id,
    appId: row.app_id,
    name: row.display_name,
    disabledAt: row.disabled_at,
    createdAt: row.created_at,
    createdBy:
      makerId === null || makerName === null ? null : { id: makerId, displayName: makerName },
    role: row.role,
    expiresAt: row.expires_at,
    liveKeys: row.live ?? 0,
    lastUsedAt: row.last_used_at,
  };
}

export async function countServiceAccounts(tx: Tx, appId: string): Promise<number> {
  const row = await tx
    .selectFrom("service_account")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("app_id", "=", appId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The account, what makes it a service account, and its access. */
export async function insertServiceAccount(
  tx: Tx,
  given: {
    id: string;
    grantId: string;
    appId: string;
    name: string;
    role: string;
    expiresAt: Date | null;
    createdBy: string;
    createdAt: Date;
  },
): Promise<void> {
  const { id, appId, createdAt } = given;
  await tx
    .insertInto("account")
    .values({ id, kind: "service", display_name: given.name, created_at: createdAt })
    .execute();
  await tx
    .insertInto("service_account")
    .values({ account_id: id, app_id: appId, created_by: given.createdBy })
    .execute();
  await tx
    .insertInto("access_grant")
    .values({
      id: given.grantId,
      account_id: id,
      app_id: appId,
      role: given.role,
      expires_at: given.expiresAt,
      granted_by: given.createdBy,
      created_at: createdAt,
    })
    .execute();
}

export async function updateServiceAccount(
  tx: Tx,
  { id, name, disabledAt }: { id: string; name: string; disabledAt: Date | null },
): Promise<void> {
  await tx
    .updateTable("account")
    .set({ display_name: name, disabled_at: disabledAt })
    .where("id", "=", id)
    .where("kind", "=", "service")
    .execute();
}

/**
 * Ends a service account for good: its keys, its access, itself. False when it is gone already. Keys
 * are locked in the order of their ids, as the writer of their uses does.
 */
export async function endServiceAccount(
  tx: Tx,
  { id, now }: { id: string; now: Date },
): Promise<{ revokedKeyIds: string[] } | undefined> {
  const ended = await tx
    .updateTable("service_account")
    .set({ deleted_at: now })
    .where("account_id", "=", id)
    .where("deleted_at", "is", null)
    .returning("account_id")
    .executeTakeFirst();
  if (ended === undefined) return undefined;
  await tx
    .updateTable("account")
    .set({ disabled_at: now, disabled_reason: "deleted" })
    .where("id", "=", id)
    .execute();
  await tx.deleteFrom("access_grant").where("account_id", "=", id).execute();
  const { rows } = await sql<{ id: string }>`
    with live as (select id from api_key where account_id = ${id} and revoked_at is null order by id for update)
    update api_key set revoked_at = ${now}, revoke_reason = 'privilege_withdrawn'
    from live where api_key.id = live.id returning api_key.id`.execute(tx);
  return { revokedKeyIds: rows.map((row) => row.id).toSorted() };
}
