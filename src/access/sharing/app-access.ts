import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { MemberRole } from "../../contract/access/roles.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { permissionsOf, permissionsOfMember, type RoleBook } from "../roles/permissions-of.ts";
import { readRoleBooks } from "../roles/role-queries.ts";
import { findRelation, listRelations, type RelationRow } from "./access-queries.ts";

/** What an account may do to an app, and why. */
export type AppAccess = {
  accountId: string;
  app: { id: string; name: string; organisationId: string; organisationName: string };
  membership: MemberRole | null;
  grant: { id: string; role: string; expiresAt: Date | null } | null;
  permissions: ReadonlySet<string>;
  /** When the grant behind it ends; null without an end, and for owners. */
  endsAt: Date | null;
  /** The app's roles, for judging what may be given. */
  roleBook: RoleBook;
  row: RelationRow;
};

/** The account that asks. @throws {ProblemError} `forbidden` for keys that are no account's. */
export function callerOf({ principal }: Pick<Context, "principal">): string {
  if (principal.kind === "session" || principal.kind === "api-key") return principal.accountId;
  throw new ProblemError(principal.kind === "stranger" ? "not-signed-in" : "forbidden");
}

/** The account's access to the app now; undefined when there is no such app. It may be none at all. */
export async function findAccess(
  db: Db,
  given: { appId: string; accountId: string; now: Date },
): Promise<AppAccess | undefined> {
  const row = await findRelation(db, given);
  if (row === undefined) return undefined;
  const books = await readRoleBooks(db, [row.app_id]);
  return toAccess(row, given.accountId, books(row.app_id));
}

/**
 * The caller's access, which includes the permission. Read where it is asked: inside a change, hand it
 * the transaction, after the locks. Names the app in the request's entry, also when it refuses.
 *
 * @throws {ProblemError} `not-found` to whom the app is nothing, `forbidden` to whom it is something.
 */
export async function requirePermission(
  db: Db,
  ctx: Context,
  appId: string,
  permission: OwnPermission,
): Promise<AppAccess> {
  const access = await findAccess(db, { appId, accountId: callerOf(ctx), now: ctx.now() });
  if (access === undefined) throw new ProblemError("not-found");
  ctx.notes.appId = appId;
  ctx.notes.organisationId = access.app.organisationId;
  if (!hasRelation(access)) throw new ProblemError("not-found");
  if (!access.permissions.has(permission)) throw new ProblemError("forbidden");
  return access;
}

/** Every app on which the account holds the permission. Deleted apps are listed for their organisation's members. */
export async function listAccess(
  db: Db,
  given: { accountId: string; now: Date },
  permission: OwnPermission,
): Promise<AppAccess[]> {
  const rows = await listRelations(db, given);
  const books = await readRoleBooks(
    db,
    rows.map((row) => row.app_id),
  );
  return rows
    .map((row) => toAccess(row, given.accountId, books(row.app_id)))
    .filter((access) => access.permissions.has(permission));
}

function hasRelation({ membership, grant }: Pick<AppAccess, "membership" | "grant">): boolean {
  return membership !== null || grant !== null;
}

function toAccess(row: RelationRow, accountId: string, roleBook: RoleBook): AppAccess {
  const { customRoles, catalogue } = roleBook;
  const grant =
    row.grant_id === null || row.role === null
      ? null
      : { id: row.grant_id, role: row.role, expiresAt: row.expires_at };
  const permissions = new Set([
    ...(row.member_role === null ? [] : permissionsOfMember(row.member_role, catalogue)),
    ...(grant === null ? [] : permissionsOf(grant.role, customRoles, catalogue)),
  ]);
  return {
    accountId,
    app: {
      id: row.app_id,
      name: row.app_name,
      organisationId: row.organisation_id,
      organisationName: row.organisation_name,
    },
    membership: row.member_role,
    grant,
    permissions,
    endsAt: row.member_role === "owner" ? null : (grant?.expiresAt ?? null),
    roleBook,
    row,
  };
}
