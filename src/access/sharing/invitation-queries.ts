import { sql } from "kysely";
import type { MemberRole } from "../../contract/access/roles.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

export type InvitationRow = {
  id: string;
  email: string;
  email_key: string;
  display_name: string | null;
  inviter_id: string;
  organisation_id: string | null;
  organisation_role: MemberRole | null;
  sent_at: Date;
  sent_count: number;
  ends_at: Date;
  wrong_account_at: Date | null;
};

const columns = [
  "id",
  "email",
  "email_key",
  "display_name",
  "inviter_id",
  "organisation_id",
  "organisation_role",
  "sent_at",
  "sent_count",
  "ends_at",
  "wrong_account_at",
] as const;

/** One app of an invitation. Apps deleted meanwhile are not there. */
export type PartRow = {
  invitation_id: string;
  app_id: string;
  app_name: string;
  organisation_id: string;
  organisation_name: string;
  role: string;
  expires_at: Date | null;
};

export async function insertInvitation(
  tx: Tx,
  invitation: {
    id: string;
    email: string;
    emailKey: string;
    displayName: string | null;
    inviterId: string;
    organisation: { id: string; role: MemberRole } | null;
    tokenHash: Buffer;
    sentAt: Date;
    endsAt: Date;
    parts: readonly { appId: string; role: string; expiresAt: Date | null }[];
  },
): Promise<void> {
  await tx
    .insertInto("invitation")
    .values({
      id: invitation.id,
      email: invitation.email,
      email_key: invitation.emailKey,
      display_name: invitation.displayName,
      inviter_id: invitation.inviterId,
      organisation_id: invitation.organisation?.id ?? null,
      organisation_role: invitation.organisation?.role ?? null,
      token_hash: invitation.tokenHash,
      created_at: invitation.sentAt,
      sent_at: invitation.sentAt,
      ends_at: invitation.endsAt,
    })
    .execute();
  if (invitation.parts.length === 0) return;
  await tx
    .insertInto("invitation_app")
    .values(
      invitation.parts.map((part) => ({
        invitation_id: invitation.id,
        app_id: part.appId,
        role: part.role,
        expires_at: part.expiresAt,
      })),
    )
    .execute();
}

/** The invitation that a live link opens. */
export async function findInvitationByToken(
  db: Db,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<InvitationRow | undefined> {
  const row = await openInvitations(db)
    .where("token_hash", "=", tokenHash)
    .where("ends_at", ">", now)
    .executeTakeFirst();
  return row && withRole(row);
}

/** An invitation that was neither accepted nor cancelled; it may have expired. */
export async function findOpenInvitation(
  db: Db,
  { invitationId }: { invitationId: string },
): Promise<InvitationRow | undefined> {
  const row = await openInvitations(db).where("id", "=", invitationId).executeTakeFirst();
  return row && withRole(row);
}

/** The same, locked until the commit. */
export async function lockOpenInvitation(
  tx: Tx,
  { invitationId }: { invitationId: string },
): Promise<InvitationRow | undefined> {
  const row = await openInvitations(tx)
    .where("id", "=", invitationId)
    .forUpdate()
    .executeTakeFirst();
  return row && withRole(row);
}

/** Invitations sent by the account, to these apps or to these organisations, newest first. */
export async function listOpenInvitations(
  db: Db,
  scope: {
    inviterId: string | null;
    appIds: readonly string[];
    organisationIds: readonly string[];
    endedAfter: Date;
    /** For lists that people read; what ends things reads all. */
    limit?: number;
  },
): Promise<InvitationRow[]> {
  const query = openInvitations(db)
    .where("ends_at", ">", scope.endedAfter)
    .where((eb) =>
      eb.or([
        eb("inviter_id", "=", sql<string>`${scope.inviterId}::uuid`),
        eb("organisation_id", "=", sql<string>`any(${[...scope.organisationIds]}::uuid[])`),
        eb(
          "id",
          "in",
          eb
            .selectFrom("invitation_app")
            .select("invitation_id")
            .where("app_id", "=", sql<string>`any(${[...scope.appIds]}::uuid[])`),
        ),
      ]),
    )
    .orderBy("sent_at", "desc")
    .orderBy("id");
  const { limit } = scope;
  const rows = await (limit === undefined ? query : query.limit(limit)).execute();
  return rows.map(withRole);
}

/** More than this nobody reads; the newest are kept. */
export const MAX_LISTED = 5_000;

export async function listMemberInvitations(
  db: Db,
  { organisationId, endedAfter }: { organisationId: string; endedAfter: Date },
) {
  const rows = await openInvitations(db)
    .where("organisation_id", "=", organisationId)
    .where("ends_at", ">", endedAfter)
    .orderBy("sent_at", "desc")
    .limit(MAX_LISTED)
    .execute();
  return rows.map(withRole);
}

/** The apps of invitations, by name. */
export async function listParts(db: Db, invitationIds: readonly string[]): Promise<PartRow[]> {
  if (invitationIds.length === 0) return [];
  return db
    .selectFrom("invitation_app as part")
    .innerJoin("app", "app.id", "part.app_id")
    .innerJoin("organisation", "organisation.id", "app.organisation_id")
    .select([
      "part.invitation_id",
      "part.app_id",
      "app.name as app_name",
      "app.organisation_id",
      "organisation.name as organisation_name",
      "part.role",
      "part.expires_at",
    ])
    .where("part.invitation_id", "in", [...invitationIds])
    .where("app.deleted_at", "is", null)
    .orderBy("app.name")
    .orderBy("app.id")
    .execute();
}

export async function countOpenInvitations(
  tx: Tx,
  { inviterId, now }: { inviterId: string; now: Date },
): Promise<number> {
  const { count } = await tx
    .selectFrom("invitation")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("inviter_id", "=", inviterId)
    .where("accepted_at", "is", null)
    .where("cancelled_at", "is", null)
    .where("ends_at", ">", now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Spends a live link: state and end are judged in the statement that spends it (T13), so of many at once one wins. */
export async function consumeInvitation(
  tx: Tx,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<InvitationRow | undefined> {
  const row = await tx
    .updateTable("invitation")
    .set({ accepted_at: now })
    .where("token_hash", "=", tokenHash)
    .where("accepted_at", "is", null)
    .where("cancelled_at", "is", null)
    .where("ends_at", ">", now)
    .returning(columns)
    .executeTakeFirst();
  return row && withRole(row);
}

export async function setAcceptedBy(
  tx: Tx,
  { invitationId, accountId }: { invitationId: string; accountId: string },
): Promise<void> {
  await tx
    .updateTable("invitation")
    .set({ accepted_by: accountId })
    .where("id", "=", invitationId)
    .execute();
}

/** A new link for an open invitation; the old one is dead with it. */
export async function renewInvitation(
  tx: Tx,
  given: { invitationId: string; inviterId: string; tokenHash: Buffer; sentAt: Date; endsAt: Date },
): Promise<void> {
  await tx
    .updateTable("invitation")
    .set((eb) => ({
      token_hash: given.tokenHash,
      inviter_id: given.inviterId,
      sent_at: given.sentAt,
      sent_count: eb("sent_count", "+", 1),
      ends_at: given.endsAt,
      wrong_account_at: null,
    }))
    .where("id", "=", given.invitationId)
    .execute();
}

/** True the first time: then the inviter is told. */
export async function markWrongAccount(
  tx: Tx,
  { invitationId, now }: { invitationId: string; now: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable("invitation")
    .set({ wrong_account_at: now })
    .where("id", "=", invitationId)
    .where("wrong_account_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes apps out of an open invitation. */
export async function deleteParts(
  tx: Tx,
  { invitationId, appIds }: { invitationId: string; appIds: readonly string[] },
): Promise<void> {
  if (appIds.length === 0) return;
  await tx
    .deleteFrom("invitation_app")
    .where("invitation_id", "=", invitationId)
    .where("app_id", "in", [...appIds])
    .execute();
}

export async function cancelInvitationRow(
  tx: Tx,
  { invitationId, now }: { invitationId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable("invitation")
    .set({ cancelled_at: now })
    .where("id", "=", invitationId)
    .execute();
}

function openInvitations(db: Db) {
  return db
    .selectFrom("invitation")
    .select(columns)
    .where("accepted_at", "is", null)
    .where("cancelled_at", "is", null);
}

function withRole<T extends { organisation_role: string | null }>(
  row: T,
): T & { organisation_role: MemberRole | null } {
  const { organisation_role: role } = row;
  return { ...row, organisation_role: role === "owner" || role === "officer" ? role : null };
}
