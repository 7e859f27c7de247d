import type { Db, Tx } from "../../platform/db/db.ts";
import type { RoleBook } from "./permissions-of.ts";

export type CatalogueRow = { key: string; description: string };
export type RoleRow = { name: string; description: string; permissions: string[] };

/** The operator's permissions, by key. */
export async function readCatalogue(db: Db): Promise<CatalogueRow[]> {
  return db.selectFrom("permission").select(["key", "description"]).orderBy("key").execute();
}

/** Custom roles of an app, by name. */
export async function readRoles(db: Db, appId: string): Promise<RoleRow[]> {
  return db
    .selectFrom("role")
    .select(["name", "description", "permissions"])
    .where("app_id", "=", appId)
    .orderBy("name")
    .execute();
}

/** All that `permissionsOf` needs for these apps. */
export async function readRoleBooks(
  db: Db,
  appIds: readonly string[],
): Promise<(appId: string) => RoleBook> {
  const catalogue = new Set((await readCatalogue(db)).map(({ key }) => key));
  const rows =
    appIds.length === 0
      ? []
      : await db
          .selectFrom("role")
          .select(["app_id", "name", "permissions"])
          .where("app_id", "in", [...appIds])
          .execute();
  const byApp = Map.groupBy(rows, (row) => row.app_id);
  return (appId) => ({
    catalogue,
    customRoles: new Map((byApp.get(appId) ?? []).map((row) => [row.name, row.permissions])),
  });
}

/** The role as it stands, locked until the commit. */
export async function lockRole(
  tx: Tx,
  { appId, name }: { appId: string; name: string },
): Promise<RoleRow | undefined> {
  return tx
    .selectFrom("role")
    .select(["name", "description", "permissions"])
    .where("app_id", "=", appId)
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
}

export async function insertRole(
  tx: Tx,
  role: RoleRow & { appId: string; createdAt: Date },
): Promise<{ name: string } | undefined> {
  return tx
    .insertInto("role")
    .values({
      app_id: role.appId,
      name: role.name,
      description: role.description,
      permissions: role.permissions,
      created_at: role.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("name")
    .executeTakeFirst();
}

export async function updateRole(tx: Tx, appId: string, role: RoleRow): Promise<void> {
  await tx
    .updateTable("role")
    .set({ description: role.description, permissions: role.permissions })
    .where("app_id", "=", appId)
    .where("name", "=", role.name)
    .execute();
}

export async function deleteRoleRow(tx: Tx, appId: string, name: string): Promise<void> {
  await tx.deleteFrom("role").where("app_id", "=", appId).where("name", "=", name).execute();
}

export async function countRoles(tx: Tx, appId: string): Promise<number> {
  const row = await tx
    .selectFrom("role")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("app_id", "=", appId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Whether a live grant or a pending invitation has the role. */
export async function isRoleInUse(
  tx: Tx,
  { appId, name, now }: { appId: string; name: string; now: Date },
): Promise<boolean> {
  const grant = await tx
    .selectFrom("access_grant")
    .select("id")
    .where("app_id", "=", appId)
    .where("role", "=", name)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]))
    .limit(1)
    .executeTakeFirst();
  if (grant !== undefined) return true;
  const invitation = await tx
    .selectFrom("invitation_app")
    .innerJoin("invitation", "invitation.id", "invitation_app.invitation_id")
    .select("invitation.id")
    .where("app_id", "=", appId)
    .where("role", "=", name)
    .where("accepted_at", "is", null)
    .where("cancelled_at", "is", null)
    .where("ends_at", ">", now)
    .limit(1)
    .executeTakeFirst();
  return invitation !== undefined;
}
