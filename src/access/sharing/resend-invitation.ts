import type { Context } from "../../context.ts";
import { findDisplayName } from "../../identity/accounts/account-queries.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { isMemberAddress } from "../organisations/organisation-queries.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { callerOf } from "./app-access.ts";
import { changeAsCaller } from "./change-as-caller.ts";
import { entryPlace, invitationMail, invitationTargets, newLink } from "./invitation.ts";
import {
  findOpenInvitation,
  listParts,
  lockOpenInvitation,
  renewInvitation,
  type InvitationRow,
  type PartRow,
} from "./invitation-queries.ts";
import { mailLink } from "./mail-link.ts";
import { requireMayInvite, requireOtherAddress, requireSharer } from "./may-invite.ts";

/** How often one invitation is mailed: a bound on what lands in somebody's mailbox. */
const MAX_SENT = 20;

/**
 * Sends an invitation again, with a new link; the old one is dead, and the time to accept runs anew.
 * Whoever sends it again answers for it from then on: they must be able to give all of it.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request`,
 *   `beyond-your-own`, `already-shared`, `already-member`, `limit-reached`, `conflict` when an end in it has passed.
 */
export async function resendInvitation(
  ctx: Context,
  { invitationId }: { invitationId: string },
): Promise<{ id: string }> {
  requireStepUp(ctx);
  const known = await findOpenInvitation(ctx.db, { invitationId });
  if (known === undefined) throw new ProblemError("not-found");
  const knownParts = await listParts(ctx.db, [invitationId]);
  await requireInviter(ctx, known, knownParts);
  await requireOtherAddress(ctx, known.email_key, "");
  const organisations = [
    ...knownParts.map((part) => part.organisation_id),
    ...(known.organisation_id === null ? [] : [known.organisation_id]),
  ];
  await changeAsCaller(ctx, { relies: organisations.map(organisationSlot) }, async (tx) => {
    const invitation = await lockOpenInvitation(tx, { invitationId });
    if (invitation === undefined) throw new ProblemError("not-found");
    if (invitation.sent_count >= MAX_SENT)
      throw new ProblemError("limit-reached", {
        detail: { code: "mailed-too-often", params: { count: MAX_SENT } },
      });
    const parts = await listParts(tx, [invitationId]);
    if (!parts.every((part) => organisations.includes(part.organisation_id)))
      throw new ProblemError("conflict");
    await requireStillGood(tx, ctx, invitation, parts);
    await sendAgain(tx, ctx, invitation, parts);
  });
  return { id: invitationId };
}

/** Before anything is locked. @throws {ProblemError} `not-found`, `forbidden` */
async function requireInviter(
  ctx: Context,
  invitation: InvitationRow,
  parts: readonly PartRow[],
): Promise<void> {
  if (invitation.organisation_id !== null)
    await requireMembership(ctx.db, ctx, invitation.organisation_id, "owner");
  else if (parts.length === 0) throw new ProblemError("not-found");
  else
    await requireSharer(
      ctx.db,
      ctx,
      parts.map((part) => ({ appId: part.app_id })),
    );
}

async function requireStillGood(
  tx: Tx,
  ctx: Context,
  invitation: InvitationRow,
  parts: readonly PartRow[],
): Promise<void> {
  const { organisation_id: organisationId, email_key: emailKey } = invitation;
  if (organisationId !== null) {
    await requireMembership(tx, ctx, organisationId, "owner");
    if (await isMemberAddress(tx, { organisationId, emailKey }))
      throw new ProblemError("already-member");
    return;
  }
  if (parts.length === 0) throw new ProblemError("not-found");
  const ended = parts.find((part) => part.expires_at !== null && part.expires_at <= ctx.now());
  if (ended !== undefined)
    throw new ProblemError("conflict", {
      detail: { code: "access-would-have-ended", params: { app: ended.app_name } },
    });
  const wanted = parts.map((part) => ({
    appId: part.app_id,
    role: part.role,
    expiresAt: part.expires_at,
  }));
  await requireMayInvite(tx, ctx, { parts: wanted, emailKey });
}

async function sendAgain(
  tx: Tx,
  ctx: Context,
  invitation: InvitationRow,
  parts: readonly PartRow[],
): Promise<void> {
  const inviterId = callerOf(ctx);
  const link = newLink(ctx);
  await renewInvitation(tx, { ...link, invitationId: invitation.id, inviterId });
  const { organisation_id: organisationId, organisation_role: role } = invitation;
  const organisation =
    organisationId === null || role === null
      ? null
      : { name: (await requireMembership(tx, ctx, organisationId, "owner")).name, role };
  const mail = invitationMail({
    ...link,
    inviterName: await findDisplayName(tx, inviterId),
    parts,
    organisation,
    isResent: true,
  });
  const { email, email_key: emailKey } = invitation;
  await mailLink(tx, ctx, { email, emailKey }, mail);
  await record(tx, ctx, {
    action: "invitation.resent",
    ...(organisationId === null ? entryPlace(parts) : { organisationId }),
    targets: invitationTargets(invitation.id, parts),
    change: {
      before: { inviterId: invitation.inviter_id, endsAt: invitation.ends_at.toISOString() },
      after: { inviterId, endsAt: link.endsAt.toISOString() },
    },
  });
}
