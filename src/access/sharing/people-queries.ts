import type { Db } from "../../platform/db/db.ts";
import {
  listOpenInvitations,
  listParts,
  type InvitationRow,
  type PartRow,
} from "./invitation-queries.ts";

export type PersonGrantRow = {
  id: string;
  app_id: string;
  app_name: string;
  role: string;
  expires_at: Date | null;
  account_id: string;
};

/** Live grants of people in the apps of these organisations; of one account where it is named. */
export async function listPeopleGrants(
  db: Db,
  {
    organisationIds,
    accountId,
    now,
  }: { organisationIds: readonly string[]; accountId?: string; now: Date },
): Promise<PersonGrantRow[]> {
  if (organisationIds.length === 0) return [];
  let query = db
    .selectFrom("access_grant")
    .innerJoin("app", "app.id", "access_grant.app_id")
    .innerJoin("account", "account.id", "access_grant.account_id")
    .select([
      "access_grant.id",
      "access_grant.app_id",
      "app.name as app_name",
      "access_grant.role",
      "access_grant.expires_at",
      "access_grant.account_id",
    ])
    .where("app.organisation_id", "in", [...organisationIds])
    .where("app.deleted_at", "is", null)
    .where("account.kind", "=", "person")
    .where((eb) =>
      eb.or([eb("access_grant.expires_at", "is", null), eb("access_grant.expires_at", ">", now)]),
    );
  if (accountId !== undefined) query = query.where("access_grant.account_id", "=", accountId);
  return query.orderBy("app.name").orderBy("access_grant.id").execute();
}

export async function listPeopleMemberships(
  db: Db,
  organisationIds: readonly string[],
): Promise<{ organisation_id: string; account_id: string; role: string }[]> {
  if (organisationIds.length === 0) return [];
  return db
    .selectFrom("organisation_member")
    .select(["organisation_id", "account_id", "role"])
    .where("organisation_id", "in", [...organisationIds])
    .orderBy("created_at")
    .orderBy("account_id")
    .execute();
}

export type OrganisationInvitation = { row: InvitationRow; parts: PartRow[] };

/** Open invitations to these organisations or their apps, newest first, each with its apps there. */
export async function listOrganisationInvitations(
  db: Db,
  {
    organisationIds,
    ...range
  }: { organisationIds: readonly string[]; endedAfter: Date; limit?: number },
): Promise<OrganisationInvitation[]> {
  if (organisationIds.length === 0) return [];
  const apps = await db
    .selectFrom("app")
    .select("id")
    .where("organisation_id", "in", [...organisationIds])
    .execute();
  const rows = await listOpenInvitations(db, {
    inviterId: null,
    appIds: apps.map(({ id }) => id),
    organisationIds,
    ...range,
  });
  const parts = await listParts(
    db,
    rows.map(({ id }) => id),
  );
  const here = new Set(organisationIds);
  const byInvitation = Map.groupBy(
    parts.filter((part) => here.has(part.organisation_id)),
    (part) => part.invitation_id,
  );
  return rows.map((row) => ({ row, parts: byInvitation.get(row.id) ?? [] }));
}
