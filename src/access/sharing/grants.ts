import type { Grant, GrantChange } from "../../contract/access/sharing.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { tellOfChange, tellOfEnd } from "./grant-mails.ts";
import { callerOf, requirePermission, type AppAccess } from "./app-access.ts";
import { changeApp } from "./change-app.ts";
import { deleteGrant, findGrant, listGrants, updateGrant, type GrantRow } from "./grant-queries.ts";
import { isRoleOf, permissionsOfRole, requireHolds, requireMayGive } from "./may-give.ts";
import { parseEnd } from "./parse-end.ts";
import { toAccountRef } from "./ref-queries.ts";

type Named = { appId: string; grantId: string };

/**
 * Live grants of an app: all to whoever shares or audits it, their own to the others.
 *
 * @throws {ProblemError} `not-found`, `forbidden`.
 */
export async function readGrants(
  ctx: Context,
  { appId }: { appId: string },
): Promise<{ grants: Grant[] }> {
  const access = await requirePermission(ctx.db, ctx, appId, "app:read");
  const seesAll = access.permissions.has("app:share") || access.permissions.has("app:audit");
  const rows = await listGrants(ctx.db, {
    appId,
    accountId: seesAll ? undefined : access.accountId,
    now: ctx.now(),
  });
  return { grants: rows.map(toGrant) };
}

/**
 * Changes a role or an end in place, at once. What the grant was and what it becomes must be within
 * the caller's own; nobody changes their own. The person is told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `beyond-your-own`,
 *   `invalid-request` at /role or /expiresAt.
 */
export async function changeGrant(
  ctx: Context,
  { appId, grantId, change }: Named & { change: GrantChange },
): Promise<Grant> {
  requireStepUp(ctx);
  const known = await requireGrant(ctx, { appId, grantId });
  return await changeApp(
    ctx,
    { appId, permission: permissionFor(known), accounts: [known.account_id] },
    async (tx, access) => {
      const before = await lockedGrant(tx, ctx, { appId, grantId });
      const after = wantedGrant(ctx, access, { before, change });
      requireHolds(access, permissionsOfRole(access, before.role));
      requireMayGive(access, { role: after.role, expiresAt: after.expires_at });
      await updateGrant(tx, { grantId, role: after.role, expiresAt: after.expires_at });
      await tellOfChange(tx, ctx, { access, before, after });
      await record(tx, ctx, {
        action: "grant.changed",
        organisationId: access.app.organisationId,
        appId,
        targets: targetsOf(before),
        change: { before: shareOf(before), after: shareOf(after) },
      });
      return toGrant(after);
    },
  );
}

/**
 * Ends a grant for good: when this returns, no process accepts it any more. Everybody may end their
 * own; somebody else's only with a role within one's own. The person is told.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `beyond-your-own`.
 */
export async function revokeGrant(ctx: Context, named: Named): Promise<void> {
  requireStepUp(ctx);
  const { appId, grantId } = named;
  const known = await requireGrant(ctx, named);
  const isOwn = known.account_id === callerOf(ctx);
  await changeApp(
    ctx,
    {
      appId,
      permission: isOwn ? "app:read" : permissionFor(known),
      accounts: [known.account_id],
    },
    async (tx, access) => {
      const grant = await lockedGrant(tx, ctx, named);
      if (!isOwn) requireHolds(access, permissionsOfRole(access, grant.role));
      await deleteGrant(tx, grantId);
      await tellOfEnd(tx, ctx, { access, grant });
      await record(tx, ctx, {
        action: "grant.revoked",
        organisationId: access.app.organisationId,
        appId,
        targets: targetsOf(grant),
        change: { before: shareOf(grant) },
      });
    },
  );
}

/** People's grants belong to sharing, service accounts' to keys. */
const permissionFor = ({ kind }: GrantRow) =>
  kind === "service" ? ("app:keys" as const) : ("app:share" as const);

/** The grant, where the caller may see the app at all. */
async function requireGrant(ctx: Context, { appId, grantId }: Named): Promise<GrantRow> {
  await requirePermission(ctx.db, ctx, appId, "app:read");
  const grant = await findGrant(ctx.db, { appId, grantId, now: ctx.now() });
  if (grant === undefined) throw new ProblemError("not-found");
  ctx.notes.targets = targetsOf(grant);
  return grant;
}

/** Read again under the locks: a revoked grant is not changed, and not revoked twice. */
async function lockedGrant(tx: Tx, ctx: Context, named: Named): Promise<GrantRow> {
  const grant = await findGrant(tx, { ...named, now: ctx.now() });
  if (grant === undefined) throw new ProblemError("not-found");
  return grant;
}

function wantedGrant(
  ctx: Context,
  access: AppAccess,
  { before, change }: { before: GrantRow; change: GrantChange },
): GrantRow {
  if (before.account_id === access.accountId)
    throw new ProblemError("forbidden", { detail: { code: "own-access" } });
  if (change.role !== undefined && !isGoodRole(access, before, change.role))
    throw invalidField("/role", { code: "role-not-for-account" });
  return {
    ...before,
    role: change.role ?? before.role,
    expires_at: change.expiresAt === undefined ? before.expires_at : endOf(ctx, change.expiresAt),
  };
}

const isGoodRole = (access: AppAccess, { kind }: GrantRow, role: string): boolean =>
  isRoleOf(access, role) && (role !== "gateway" || kind === "service");

function endOf(ctx: Context, text: string | null): Date | null {
  if (text === null) return null;
  const end = parseEnd(text, { now: ctx.now(), pointer: "/expiresAt" });
  if ("failure" in end) throw new ProblemError("invalid-request", { errors: [end.failure] });
  return end.expiresAt;
}

const targetsOf = ({ id, account_id: accountId }: GrantRow) => [
  { type: "grant", id },
  { type: "account", id: accountId, accountId },
];

const shareOf = (row: GrantRow) => ({
  role: row.role,
  expiresAt: row.expires_at?.toISOString() ?? null,
});

function toGrant(row: GrantRow): Grant {
  return {
    id: row.id,
    account: toAccountRef({ ...row, id: row.account_id }),
    role: row.role,
    expiresAt: row.expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
