import type { Db, Tx } from "../../platform/db/db.ts";

export async function insertApp(
  tx: Tx,
  app: {
    id: string;
    organisationId: string;
    name: string;
    createdAt: Date;
    externalId?: string | undefined;
  },
): Promise<void> {
  await tx
    .insertInto("app")
    .values({
      id: app.id,
      organisation_id: app.organisationId,
      name: app.name,
      external_id: app.externalId ?? null,
      created_at: app.createdAt,
    })
    .execute();
}

export async function countApps(db: Db, organisationId: string): Promise<number> {
  const { count } = await db
    .selectFrom("app")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("organisation_id", "=", organisationId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function renameAppRow(
  tx: Tx,
  { appId, name }: { appId: string; name: string },
): Promise<void> {
  await tx.updateTable("app").set({ name }).where("id", "=", appId).execute();
}

export async function moveApp(
  tx: Tx,
  { appId, organisationId, now }: { appId: string; organisationId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable("app")
    .set({ organisation_id: organisationId, held_since: now })
    .where("id", "=", appId)
    .execute();
}

/** Marks the app deleted. Its externalId is free again: provisioning it anew makes another app. */
export async function markAppDeleted(
  tx: Tx,
  { appId, deletedAt }: { appId: string; deletedAt: Date },
): Promise<void> {
  await tx
    .updateTable("app")
    .set({ deleted_at: deletedAt, external_id: null })
    .where("id", "=", appId)
    .execute();
}

/** Ends all that hung on an app: grants, roles, parts of invitations, the offer, service accounts with their keys. */
export async function endAllOfApp(
  tx: Tx,
  { appId, endedAt }: { appId: string; endedAt: Date },
): Promise<{ accountIds: string[]; keyIds: string[] }> {
  const grants = await tx
    .deleteFrom("access_grant")
    .where("app_id", "=", appId)
    .returning("account_id")
    .execute();
  await takeOutOfInvitations(tx, appId);
  await tx.deleteFrom("app_transfer").where("app_id", "=", appId).execute();
  const services = await tx
    .updateTable("service_account")
    .set({ deleted_at: endedAt })
    .where("app_id", "=", appId)
    .where("deleted_at", "is", null)
    .returning("account_id")
    .execute();
  const keys =
    services.length === 0
      ? []
      : await tx
          .updateTable("api_key")
          .set({ revoked_at: endedAt, revoke_reason: "privilege_withdrawn" })
          .where(
            "account_id",
            "in",
            services.map((row) => row.account_id),
          )
          .where("revoked_at", "is", null)
          .returning("id")
          .execute();
  return {
    accountIds: grants.map((row) => row.account_id),
    keyIds: keys.map((row) => row.id),
  };
}

/** Invitations that were not accepted don't offer the app any more; accepted ones keep saying what they gave. */
export async function takeOutOfInvitations(tx: Tx, appId: string): Promise<void> {
  await tx
    .deleteFrom("invitation_app")
    .where("app_id", "=", appId)
    .where("invitation_id", "in", (eb) =>
      eb
        .selectFrom("invitation")
        .select("invitation.id")
        .where("accepted_at", "is", null)
        .where("cancelled_at", "is", null),
    )
    .execute();
}
