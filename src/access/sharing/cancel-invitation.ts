import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Db } from "../../platform/db/db.ts";
import { organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { findMembership } from "../organisations/organisation-queries.ts";
import { callerOf, findAccess } from "./app-access.ts";
import { changeAsCaller } from "./change-as-caller.ts";
import { entryPlace, invitationTargets } from "./invitation.ts";
import {
  cancelInvitationRow,
  deleteParts,
  findOpenInvitation,
  listParts,
  lockOpenInvitation,
  type InvitationRow,
  type PartRow,
} from "./invitation-queries.ts";

/**
 * Cancels an invitation that was not accepted yet; its link is dead. Whoever sent it cancels all of
 * it; others take out the apps that they may share, and when nothing is left it is cancelled.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`.
 */
export async function cancelInvitation(
  ctx: Context,
  { invitationId }: { invitationId: string },
): Promise<void> {
  requireStepUp(ctx);
  const known = await findOpenInvitation(ctx.db, { invitationId });
  if (known === undefined) throw new ProblemError("not-found");
  const reach = await reachOf(ctx.db, ctx, known);
  if (reach === null) throw new ProblemError("not-found");
  const organisations = reach.parts.map((part) => part.organisation_id);
  if (known.organisation_id !== null) organisations.push(known.organisation_id);
  await changeAsCaller(ctx, { relies: organisations.map(organisationSlot) }, async (tx) => {
    const invitation = await lockOpenInvitation(tx, { invitationId });
    if (invitation === undefined) throw new ProblemError("not-found");
    const now = await reachOf(tx, ctx, invitation);
    if (now === null) throw new ProblemError("not-found");
    await deleteParts(tx, { invitationId, appIds: now.parts.map((part) => part.app_id) });
    if (now.isAll) await cancelInvitationRow(tx, { invitationId, now: ctx.now() });
    await record(tx, ctx, {
      action: "invitation.cancelled",
      ...(invitation.organisation_id === null
        ? entryPlace(now.parts)
        : { organisationId: invitation.organisation_id }),
      targets: invitationTargets(invitationId, now.parts),
      change: { before: { email: invitation.email } },
    });
  });
}

/** What the caller may cancel of it now; null: nothing. */
async function reachOf(
  db: Db,
  ctx: Context,
  invitation: InvitationRow,
): Promise<{ parts: PartRow[]; isAll: boolean } | null> {
  const accountId = callerOf(ctx);
  const parts = await listParts(db, [invitation.id]);
  if (invitation.inviter_id === accountId) return { parts, isAll: true };
  const { organisation_id: organisationId } = invitation;
  if (organisationId !== null) {
    const membership = await findMembership(db, { accountId, organisationId });
    return membership?.role === "owner" ? { parts, isAll: true } : null;
  }
  const mine: PartRow[] = [];
  for (const part of parts) {
    const access = await findAccess(db, { appId: part.app_id, accountId, now: ctx.now() });
    if (access?.permissions.has("app:share") === true) mine.push(part);
  }
  return mine.length === 0 ? null : { parts: mine, isAll: mine.length === parts.length };
}
