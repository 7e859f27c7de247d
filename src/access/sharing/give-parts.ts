import type { InvitationAccepted, LeftOutReason } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { findMembership, upsertMember } from "../organisations/organisation-queries.ts";
import { findAccess, type AppAccess } from "./app-access.ts";
import { upsertGrant } from "./grant-queries.ts";
import type { InvitationRow, PartRow } from "./invitation-queries.ts";
import { mayGive, permissionsOfRole } from "./may-give.ts";
import { roleFault } from "./may-invite.ts";

export type Given = Pick<InvitationAccepted, "grants" | "leftOut" | "organisation">;

type Giving = { invitation: InvitationRow; accountId: string };

/** Gives every part that its inviter may give now, under the slots' locks; the rest is named with its reason. */
export async function giveParts(
  tx: Tx,
  ctx: Context,
  { invitation, parts, accountId }: Giving & { parts: readonly PartRow[] },
): Promise<Pick<Given, "grants" | "leftOut">> {
  const given: Pick<Given, "grants" | "leftOut"> = { grants: [], leftOut: [] };
  const now = ctx.now();
  for (const part of parts) {
    const app = { id: part.app_id, name: part.app_name };
    const reason = await reasonAgainst(tx, ctx, { invitation, part, accountId });
    if (reason !== null) {
      given.leftOut.push({ app, role: part.role, reason });
      continue;
    }
    const id = await upsertGrant(tx, {
      id: uuidv7(now.getTime()),
      accountId,
      appId: part.app_id,
      role: part.role,
      expiresAt: part.expires_at,
      grantedBy: invitation.inviter_id,
      createdAt: now,
    });
    given.grants.push({
      id,
      app,
      role: part.role,
      expiresAt: part.expires_at?.toISOString() ?? null,
    });
  }
  return given;
}

async function reasonAgainst(
  tx: Tx,
  ctx: Context,
  { invitation, part, accountId }: Giving & { part: PartRow },
): Promise<LeftOutReason | null> {
  const now = ctx.now();
  if (part.expires_at !== null && part.expires_at <= now) return "ended";
  const about = { appId: part.app_id, now };
  const inviter = await findAccess(tx, { ...about, accountId: invitation.inviter_id });
  const wanted = { role: part.role, expiresAt: part.expires_at };
  if (inviter === undefined || !mayStillGive(inviter, wanted, accountId))
    return "no-longer-allowed";
  const invitee = await findAccess(tx, { ...about, accountId });
  const held = invitee?.grant ?? null;
  return held === null || takesNothingAway(inviter, held, wanted) ? null : "has-other-access";
}

type Share = { role: string; expiresAt: Date | null };

function mayStillGive(inviter: AppAccess, wanted: Share, accountId: string): boolean {
  return (
    inviter.accountId !== accountId &&
    inviter.permissions.has("app:share") &&
    roleFault(inviter, wanted.role) === undefined &&
    mayGive(inviter, wanted)
  );
}

/**
 * Access that somebody has is only ever widened by an invitation: a link sent before a promotion must
 * not undo it. What is wider than all they have is within what the inviter holds, so they may replace it.
 */
function takesNothingAway(access: AppAccess, held: Share, wanted: Share): boolean {
  const offered = permissionsOfRole(access, wanted.role);
  const isAsLong =
    wanted.expiresAt === null || (held.expiresAt !== null && wanted.expiresAt >= held.expiresAt);
  return isAsLong && [...permissionsOfRole(access, held.role)].every((key) => offered.has(key));
}

/** Makes the invitee a member where the inviter is an owner still; an owner stays one. Null when it gave nothing. */
export async function giveMembership(
  tx: Tx,
  ctx: Context,
  { invitation, accountId }: Giving,
): Promise<Given["organisation"]> {
  const { organisation_id: organisationId, organisation_role: role } = invitation;
  if (organisationId === null || role === null) return null;
  const inviter = await findMembership(tx, { accountId: invitation.inviter_id, organisationId });
  if (inviter?.role !== "owner") return null;
  const held = await findMembership(tx, { accountId, organisationId });
  const kept = held?.role === "owner" ? "owner" : role;
  await upsertMember(tx, { organisationId, accountId, role: kept, createdAt: ctx.now() });
  return { id: organisationId, name: inviter.name, role: kept };
}
