import type { NewInvitation } from "../../contract/access/sharing.ts";
import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import { findDisplayName } from "../../identity/accounts/account-queries.ts";
import { requireEmail, type EmailAddress } from "../../identity/accounts/email-address.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { callerOf, type AppAccess } from "./app-access.ts";
import { changeAsCaller } from "./change-as-caller.ts";
import { entryPlace, invitationMail, invitationTargets, newLink } from "./invitation.ts";
import { countOpenInvitations, insertInvitation, type PartRow } from "./invitation-queries.ts";
import {
  requireMayInvite,
  requireOtherAddress,
  requireSharer,
  type WantedPart,
} from "./may-invite.ts";
import { mailLink } from "./mail-link.ts";
import { parseEnd } from "./parse-end.ts";
import { failureAt } from "../../failures.ts";

/** Invitations of one person that wait at a time: a bound on the mail that one account can cause. */
const MAX_OPEN = 1_000;

/**
 * Invites somebody to apps, by a link in a mail; whether the address has an account doesn't show.
 * Nothing is given until it is accepted, and then only what the inviter still may give.
 *
 * @throws {ProblemError} `step-up-required`, `invalid-request` naming the fields, `not-found`,
 *   `forbidden`, `beyond-your-own`, `already-shared`, `limit-reached`, `too-many-requests`.
 */
export async function invite(
  ctx: Context,
  { email, displayName, apps }: NewInvitation,
): Promise<{ id: string }> {
  requireStepUp(ctx);
  const address = requireEmail(email);
  await requireOtherAddress(ctx, address.emailKey);
  const parts = wantedParts(apps, ctx.now());
  const known = await requireSharer(ctx.db, ctx, parts);
  requireOneOrganisation(known);
  return await changeAsCaller(
    ctx,
    { relies: known.map(({ app }) => organisationSlot(app.organisationId)) },
    async (tx) => {
      const accesses = await requireMayInvite(tx, ctx, { parts, emailKey: address.emailKey });
      requireSamePlace(known, accesses);
      await requireRoom(tx, ctx);
      const rows = parts.map((part, index) => toPartRow(part, accesses[index]));
      const id = await send(tx, ctx, { ...address, displayName, parts, rows });
      return { id };
    },
  );
}

/** @throws {ProblemError} `limit-reached` when too many invitations of the caller's wait. */
export async function requireRoom(tx: Tx, ctx: Context): Promise<void> {
  const open = await countOpenInvitations(tx, { inviterId: callerOf(ctx), now: ctx.now() });
  if (open >= MAX_OPEN)
    throw new ProblemError("limit-reached", {
      detail: { code: "too-many-invitations", params: { count: MAX_OPEN } },
    });
}

type Sending = EmailAddress & {
  displayName: string | undefined;
  parts: readonly WantedPart[];
  rows: readonly Omit<PartRow, "invitation_id">[];
};

async function send(
  tx: Tx,
  ctx: Context,
  { email, emailKey, displayName, parts, rows }: Sending,
): Promise<string> {
  const inviterId = callerOf(ctx);
  const link = newLink(ctx);
  const id = uuidv7(link.sentAt.getTime());
  await insertInvitation(tx, {
    ...link,
    id,
    email,
    emailKey,
    displayName: displayName?.trim() ?? null,
    inviterId,
    organisation: null,
    parts,
  });
  const mail = invitationMail({
    ...link,
    inviterName: await findDisplayName(tx, inviterId),
    parts: rows,
    organisation: null,
    isResent: false,
  });
  await mailLink(tx, ctx, { email, emailKey }, mail);
  await record(tx, ctx, {
    action: "invitation.sent",
    ...entryPlace(rows),
    targets: invitationTargets(id, rows),
    change: { after: { email, apps: parts } },
  });
  return id;
}

/** @throws {ProblemError} `invalid-request` naming every end that has passed and every app named twice. */
function wantedParts(apps: NewInvitation["apps"], now: Date): WantedPart[] {
  const errors: Failure[] = [];
  const seen = new Set<string>();
  const parts = apps.map(({ appId: given, role, expiresAt }, index) => {
    const appId = given.toLowerCase();
    if (seen.has(appId)) errors.push(failureAt(`/apps/${index}/appId`, { code: "app-twice" }));
    seen.add(appId);
    if (expiresAt === undefined) return { appId, role, expiresAt: null };
    const end = parseEnd(expiresAt, { now, pointer: `/apps/${index}/expiresAt` });
    if ("failure" in end) errors.push(end.failure);
    return { appId, role, expiresAt: "failure" in end ? null : end.expiresAt };
  });
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
  return parts;
}

/**
 * An invitation and its entry are read by those who may share, or audit, an app of it: customers of
 * one agency must not see each other there.
 */
function requireOneOrganisation(accesses: readonly AppAccess[]): void {
  const [first] = accesses;
  const errors = accesses.flatMap(({ app }, index) =>
    app.organisationId === first?.app.organisationId
      ? []
      : [failureAt(`/apps/${index}/appId`, { code: "other-organisation" })],
  );
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
}

/** The locks are on the organisations that were read first. @throws {ProblemError} `conflict` */
function requireSamePlace(known: readonly AppAccess[], now: readonly AppAccess[]): void {
  const locked = new Set(known.map(({ app }) => app.organisationId));
  if (!now.every(({ app }) => locked.has(app.organisationId))) throw new ProblemError("conflict");
}

function toPartRow(
  part: WantedPart,
  access: AppAccess | undefined,
): Omit<PartRow, "invitation_id"> {
  if (access === undefined) throw new Error("every part has its access");
  return {
    app_id: part.appId,
    app_name: access.app.name,
    organisation_id: access.app.organisationId,
    organisation_name: access.app.organisationName,
    role: part.role,
    expires_at: part.expiresAt,
  };
}
