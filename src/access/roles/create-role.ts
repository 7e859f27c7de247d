import { builtInRoles, memberRoles, type NewRole, type Role } from "../../contract/access/roles.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeApp } from "../sharing/change-app.ts";
import { requireHolds } from "../sharing/may-give.ts";
import { bookOf, toRole } from "./list-roles.ts";
import { requireKnown } from "./role-permissions.ts";
import { countRoles, insertRole } from "./role-queries.ts";

/** Roles an app can have of its own. */
const MAX_ROLES = 100;

/**
 * Makes a role of the app's own.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request` (unknown
 *   permission), `beyond-your-own`, `name-taken`, `limit-reached`.
 */
export async function createRole(
  ctx: Context,
  { appId, name, description = "", permissions }: NewRole & { appId: string },
): Promise<Role> {
  requireStepUp(ctx);
  return await changeApp(ctx, { appId, permission: "app:roles" }, async (tx, access) => {
    requireKnown(permissions, access.roleBook);
    requireHolds(access, permissions);
    if (isReserved(name)) throw new ProblemError("name-taken");
    if ((await countRoles(tx, appId)) >= MAX_ROLES) throw new ProblemError("limit-reached");
    const role = { appId, name, description, permissions, createdAt: ctx.now() };
    if ((await insertRole(tx, role)) === undefined) throw new ProblemError("name-taken");
    await record(tx, ctx, {
      action: "role.created",
      organisationId: access.app.organisationId,
      appId,
      targets: [{ type: "role", id: name }],
      change: { after: { name, description, permissions } },
    });
    return toRole(role, bookOf(role, access.roleBook));
  });
}

const isReserved = (name: string): boolean =>
  Object.hasOwn(builtInRoles, name) || memberRoles.some((role) => role === name);
