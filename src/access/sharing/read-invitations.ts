import type { Invitation, InvitationPreview } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { findCredentials, findDisplayName } from "../../identity/accounts/account-queries.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import type { Db } from "../../platform/db/db.ts";
import { toPolicy } from "../../identity/passwords/effective-policy.ts";
import { offeredRules } from "../policies/offered-rules.ts";
import { listMemberships } from "../organisations/organisation-queries.ts";
import { callerOf, listAccess } from "./app-access.ts";
import { deadInvitation, EXPIRED_SHOWN_MS, invitationTargets, statusOf } from "./invitation.ts";
import {
  findInvitationByToken,
  listOpenInvitations,
  listParts,
  MAX_LISTED,
  type InvitationRow,
  type PartRow,
} from "./invitation-queries.ts";
import { accountRefs, organisationNames, type AccountRefs } from "./ref-queries.ts";

/**
 * Invitations that wait or have expired lately: those the caller sent, and those to apps that they may
 * share or organisations that they own. Of another's invitation only the apps that they may share show.
 */
export async function listInvitations(ctx: Context): Promise<{ invitations: Invitation[] }> {
  const accountId = callerOf(ctx);
  const now = ctx.now();
  const shareable = await listAccess(ctx.db, { accountId, now }, "app:share");
  const memberships = await listMemberships(ctx.db, accountId);
  const appIds = shareable.map(({ app }) => app.id);
  const rows = await listOpenInvitations(ctx.db, {
    inviterId: accountId,
    appIds,
    organisationIds: memberships.filter(({ role }) => role === "owner").map(({ id }) => id),
    endedAfter: new Date(now.getTime() - EXPIRED_SHOWN_MS),
    limit: MAX_LISTED,
  });
  const visible = new Set(appIds);
  const invitations = await toInvitations(ctx.db, rows, {
    now,
    isVisible: (row, part) => row.inviter_id === accountId || visible.has(part.app_id),
  });
  return { invitations };
}

type View = { now: Date; isVisible: (row: InvitationRow, part: PartRow) => boolean };

/** Rows as a reader sees them. One whose apps were all deleted is none any more. */
async function toInvitations(
  db: Db,
  rows: readonly InvitationRow[],
  { now, isVisible }: View,
): Promise<Invitation[]> {
  const parts = Map.groupBy(
    await listParts(
      db,
      rows.map((row) => row.id),
    ),
    (part) => part.invitation_id,
  );
  const refs = await accountRefs(
    db,
    rows.map((row) => row.inviter_id),
  );
  const names = await organisationNames(
    db,
    rows.map((row) => row.organisation_id),
  );
  return rows.flatMap((row) => {
    const shown = (parts.get(row.id) ?? []).filter((part) => isVisible(row, part));
    if (shown.length === 0 && row.organisation_id === null) return [];
    return [toInvitation(row, { parts: shown, refs, names, now })];
  });
}

function toInvitation(
  row: InvitationRow,
  given: { parts: PartRow[]; refs: AccountRefs; names: ReadonlyMap<string, string>; now: Date },
): Invitation {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    inviter: given.refs(row.inviter_id),
    status: statusOf(row, given.now),
    sentAt: row.sent_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    apps: given.parts.map(toInvitedApp),
    organisation: toMembership(row, given.names),
  };
}

function toMembership(
  { organisation_id: id, organisation_role: role }: InvitationRow,
  names: ReadonlyMap<string, string>,
): Invitation["organisation"] {
  return id === null || role === null ? null : { id, name: names.get(id) ?? "", role };
}

const toInvitedApp = (part: PartRow) => ({
  app: { id: part.app_id, name: part.app_name },
  role: part.role,
  expiresAt: part.expires_at?.toISOString() ?? null,
});

/** What a link is about, for whoever holds it. Changes nothing. @throws {ProblemError} `dead-link` */
export async function previewInvitation(
  ctx: Context,
  { token }: { token: string },
): Promise<InvitationPreview> {
  const row = await findInvitationByToken(ctx.db, {
    tokenHash: hashToken(token),
    now: ctx.now(),
  });
  if (row === undefined) throw deadInvitation();
  const parts = await listParts(ctx.db, [row.id]);
  ctx.notes.targets = invitationTargets(row.id, parts);
  if (parts.length === 0 && row.organisation_id === null) throw deadInvitation();
  return {
    email: row.email,
    displayName: row.display_name,
    invitedBy: await findDisplayName(ctx.db, row.inviter_id),
    endsAt: row.ends_at.toISOString(),
    hasAccount: (await findCredentials(ctx.db, row.email_key)) !== undefined,
    apps: parts.map(toInvitedApp),
    organisation: toMembership(row, await organisationNames(ctx.db, [row.organisation_id])),
    passwordPolicy: toPolicy(
      await offeredRules(ctx.db, { invitation: row, parts, now: ctx.now() }),
    ),
  };
}
