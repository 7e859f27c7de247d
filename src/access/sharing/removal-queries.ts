import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

export type RemovalKeyRow = {
  id: string;
  name: string;
  app_id: string;
  app_name: string;
  account_id: string;
  account_name: string;
  expires_at: Date;
  is_theirs: boolean;
};

/** Live keys in the organisation's apps that the person made, or that belong to one of these apps. */
export async function listReachedKeys(
  db: Db,
  given: { organisationId: string; accountId: string; appIds: readonly string[]; now: Date },
): Promise<RemovalKeyRow[]> {
  return db
    .selectFrom("api_key")
    .innerJoin("service_account", "service_account.account_id", "api_key.account_id")
    .innerJoin("account", "account.id", "api_key.account_id")
    .innerJoin("app", "app.id", "service_account.app_id")
    .select([
      "api_key.id",
      "api_key.name",
      "app.id as app_id",
      "app.name as app_name",
      "api_key.account_id",
      "account.display_name as account_name",
      "api_key.expires_at",
      sql<boolean>`coalesce(api_key.created_by = ${given.accountId}, false)`.as("is_theirs"),
    ])
    .where("app.organisation_id", "=", given.organisationId)
    .where("api_key.revoked_at", "is", null)
    .where("api_key.expires_at", ">", given.now)
    .where((eb) =>
      eb.or([
        eb("api_key.created_by", "=", given.accountId),
        eb("app.id", "=", sql<string>`any(${[...given.appIds]}::uuid[])`),
      ]),
    )
    .orderBy("app.name")
    .orderBy("api_key.id")
    .execute();
}

export async function revokeKeys(
  tx: Tx,
  { keyIds, now }: { keyIds: readonly string[]; now: Date },
): Promise<void> {
  if (keyIds.length === 0) return;
  await tx
    .updateTable("api_key")
    .set({ revoked_at: now, revoke_reason: "affiliation_changed" })
    .where("id", "in", [...keyIds])
    .where("revoked_at", "is", null)
    .execute();
}

/** All grants of the account in the organisation's apps, ended ones too. */
export async function deleteGrantsIn(
  tx: Tx,
  { organisationId, accountId }: { organisationId: string; accountId: string },
): Promise<void> {
  await tx
    .deleteFrom("access_grant")
    .where("account_id", "=", accountId)
    .where("app_id", "in", (eb) =>
      eb.selectFrom("app").select("app.id").where("organisation_id", "=", organisationId),
    )
    .execute();
}

/** Offers of the organisation's apps that the person made or that wait for them. */
export async function deleteOffersOf(
  tx: Tx,
  given: { organisationId: string; accountId: string; emailKey: string },
): Promise<void> {
  await tx
    .deleteFrom("app_transfer")
    .where((eb) =>
      eb.or([eb("requested_by", "=", given.accountId), eb("email_key", "=", given.emailKey)]),
    )
    .where("app_id", "in", (eb) =>
      eb.selectFrom("app").select("app.id").where("organisation_id", "=", given.organisationId),
    )
    .execute();
}

export async function listLiveSessions(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<{ id: string; user_agent: string; created_at: Date; last_seen_at: Date }[]> {
  return db
    .selectFrom("session")
    .select(["id", "user_agent", "created_at", "last_seen_at"])
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .orderBy("last_seen_at", "desc")
    .execute();
}

/** The person by id; service accounts are not removed this way. */
export async function findPersonById(
  db: Db,
  accountId: string,
): Promise<
  | { id: string; kind: string; email: string | null; email_key: string; display_name: string }
  | undefined
> {
  const row = await db
    .selectFrom("account")
    .select(["id", "kind", "email", "email_key", "display_name"])
    .where("id", "=", accountId)
    .where("kind", "=", "person")
    .executeTakeFirst();
  if (row === undefined || row.email_key === null) return undefined;
  return { ...row, email_key: row.email_key };
}
