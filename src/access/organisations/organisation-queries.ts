import type { MemberRole } from "../../contract/access/roles.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

export type MembershipRow = { id: string; name: string; created_at: Date; role: MemberRole };

/** The organisations that an enabled account belongs to, oldest first. */
export async function listMemberships(db: Db, accountId: string): Promise<MembershipRow[]> {
  const rows = await memberships(db, accountId).orderBy("organisation.id").execute();
  return rows.map(withRole);
}

/** The account's membership in one organisation; undefined when there is none. */
export async function findMembership(
  db: Db,
  { accountId, organisationId }: { accountId: string; organisationId: string },
): Promise<MembershipRow | undefined> {
  const row = await memberships(db, accountId)
    .where("organisation.id", "=", organisationId)
    .executeTakeFirst();
  return row && withRole(row);
}

function memberships(db: Db, accountId: string) {
  return db
    .selectFrom("organisation_member as member")
    .innerJoin("organisation", "organisation.id", "member.organisation_id")
    .innerJoin("account", "account.id", "member.account_id")
    .select(["organisation.id", "organisation.name", "organisation.created_at", "member.role"])
    .where("member.account_id", "=", accountId)
    .where("account.disabled_at", "is", null);
}

export type MemberRow = {
  id: string;
  kind: "person" | "service";
  email: string | null;
  display_name: string;
  role: MemberRole;
  created_at: Date;
};

/** Who belongs to the organisation, longest first; disabled accounts too. */
export async function listMembers(db: Db, organisationId: string): Promise<MemberRow[]> {
  const rows = await db
    .selectFrom("organisation_member as member")
    .innerJoin("account", "account.id", "member.account_id")
    .select(["account.id", "kind", "email", "display_name", "member.role", "member.created_at"])
    .where("organisation_id", "=", organisationId)
    .orderBy("member.created_at")
    .orderBy("account.id")
    .execute();
  return rows.map((row) => ({
    ...withRole(row),
    kind: row.kind === "service" ? "service" : "person",
  }));
}

/** How many owners the organisation has who can act: disabled accounts do not count. */
export async function countOwners(tx: Tx, organisationId: string): Promise<number> {
  const { count } = await tx
    .selectFrom("organisation_member as member")
    .innerJoin("account", "account.id", "member.account_id")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("organisation_id", "=", organisationId)
    .where("member.role", "=", "owner")
    .where("disabled_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertOrganisation(
  tx: Tx,
  organisation: { id: string; name: string; createdAt: Date; externalId?: string | undefined },
): Promise<void> {
  await tx
    .insertInto("organisation")
    .values({
      id: organisation.id,
      name: organisation.name,
      external_id: organisation.externalId ?? null,
      created_at: organisation.createdAt,
    })
    .execute();
}

export async function renameOrganisationRow(
  tx: Tx,
  { organisationId, name }: { organisationId: string; name: string },
): Promise<void> {
  await tx.updateTable("organisation").set({ name }).where("id", "=", organisationId).execute();
}

/** Makes somebody a member, or changes the role of one. */
export async function upsertMember(
  tx: Tx,
  member: { organisationId: string; accountId: string; role: MemberRole; createdAt: Date },
): Promise<void> {
  await tx
    .insertInto("organisation_member")
    .values({
      organisation_id: member.organisationId,
      account_id: member.accountId,
      role: member.role,
      created_at: member.createdAt,
    })
    .onConflict((conflict) =>
      conflict.columns(["organisation_id", "account_id"]).doUpdateSet({ role: member.role }),
    )
    .execute();
}

export async function deleteMember(
  tx: Tx,
  { organisationId, accountId }: { organisationId: string; accountId: string },
): Promise<void> {
  await tx
    .deleteFrom("organisation_member")
    .where("organisation_id", "=", organisationId)
    .where("account_id", "=", accountId)
    .execute();
}

function withRole<T extends { role: string }>(row: T): T & { role: MemberRole } {
  return { ...row, role: row.role === "owner" ? "owner" : "officer" };
}

/** Whether whoever holds the address belongs to the organisation. */
export async function isMemberAddress(
  db: Db,
  { organisationId, emailKey }: { organisationId: string; emailKey: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("organisation_member as member")
    .innerJoin("account", "account.id", "member.account_id")
    .select("account.id")
    .where("organisation_id", "=", organisationId)
    .where("email_key", "=", emailKey)
    .executeTakeFirst();
  return row !== undefined;
}
