import type { Role, RoleChange } from "../../contract/access/roles.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeApp } from "../sharing/change-app.ts";
import { mailHoldersOfRole } from "../sharing/access-mails.ts";
import { requireHolds, requireMayWiden } from "../sharing/may-give.ts";
import { bookOf, toRole } from "./list-roles.ts";
import { requireKnown } from "./role-permissions.ts";
import { lockRole, updateRole } from "./role-queries.ts";

/**
 * Changes what a role of the app's own may do, at once for all who have it; they are told by mail.
 * Both what it was and what it becomes must be within the caller's own permissions, and whose own
 * access ends adds nothing to it.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `invalid-request`, `beyond-your-own`.
 */
export async function changeRole(
  ctx: Context,
  { appId, name, change }: { appId: string; name: string; change: RoleChange },
): Promise<Role> {
  requireStepUp(ctx);
  return await changeApp(ctx, { appId, permission: "app:roles" }, async (tx, access) => {
    const before = await lockRole(tx, { appId, name });
    if (before === undefined) throw new ProblemError("not-found");
    const after = {
      name,
      description: change.description ?? before.description,
      permissions: change.permissions ?? before.permissions,
    };
    if (change.permissions !== undefined) requireKnown(change.permissions, access.roleBook);
    const oldRole = toRole(before, bookOf(before, access.roleBook));
    requireHolds(access, [...oldRole.permissions, ...(change.permissions ?? [])]);
    const newRole = toRole(after, bookOf(after, access.roleBook));
    if (!newRole.permissions.every((key) => oldRole.permissions.includes(key)))
      requireMayWiden(access);
    await updateRole(tx, appId, after);
    if (!isSame(oldRole.permissions, newRole.permissions))
      await mailHoldersOfRole(tx, ctx, { access, role: newRole });
    await record(tx, ctx, {
      action: "role.changed",
      organisationId: access.app.organisationId,
      appId,
      targets: [{ type: "role", id: name }],
      change: { before, after },
    });
    return newRole;
  });
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();
