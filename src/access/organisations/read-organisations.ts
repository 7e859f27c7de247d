import type { Member, Organisation } from "../../contract/access/organisations.ts";
import type { Context } from "../../context.ts";
import { callerOf } from "../sharing/app-access.ts";
import { EXPIRED_SHOWN_MS, statusOf } from "../sharing/invitation.ts";
import { listMemberInvitations } from "../sharing/invitation-queries.ts";
import {
  listMembers,
  listMemberships,
  type MemberRow,
  type MembershipRow,
} from "./organisation-queries.ts";
import { requireMembership } from "./require-membership.ts";

/** The organisations that the caller belongs to. */
export async function listOrganisations(ctx: Context): Promise<{ organisations: Organisation[] }> {
  const rows = await listMemberships(ctx.db, callerOf(ctx));
  return { organisations: rows.map(toOrganisation) };
}

/** Who belongs to the organisation, and who is invited to. @throws {ProblemError} `not-found` */
export async function listPeople(ctx: Context, { organisationId }: { organisationId: string }) {
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const people = await listMembers(ctx.db, organisationId);
  const invitations = await listMemberInvitations(ctx.db, {
    organisationId,
    endedAfter: new Date(ctx.now().getTime() - EXPIRED_SHOWN_MS),
  });
  return {
    people: people.map(toMember),
    invitations: invitations.map((row) => ({
      id: row.id,
      email: row.email,
      role: row.organisation_role === "owner" ? ("owner" as const) : ("officer" as const),
      sentAt: row.sent_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      status: statusOf(row, ctx.now()),
    })),
  };
}

export function toOrganisation(row: MembershipRow): Organisation {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at.toISOString(),
  };
}

export function toMember(row: MemberRow): Member {
  return {
    account: { id: row.id, kind: row.kind, email: row.email, displayName: row.display_name },
    role: row.role,
    since: row.created_at.toISOString(),
  };
}
