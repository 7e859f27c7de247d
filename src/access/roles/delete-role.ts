import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeApp } from "../sharing/change-app.ts";
import { requireHolds } from "../sharing/may-give.ts";
import { bookOf, toRole } from "./list-roles.ts";
import { deleteRoleRow, isRoleInUse, lockRole } from "./role-queries.ts";

/**
 * Deletes a role of the app's own that no live grant and no pending invitation names.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `beyond-your-own`, `role-in-use`.
 */
export async function deleteRole(
  ctx: Context,
  { appId, name }: { appId: string; name: string },
): Promise<void> {
  requireStepUp(ctx);
  await changeApp(ctx, { appId, permission: "app:roles" }, async (tx, access) => {
    const role = await lockRole(tx, { appId, name });
    if (role === undefined) throw new ProblemError("not-found");
    requireHolds(access, toRole(role, bookOf(role, access.roleBook)).permissions);
    if (await isRoleInUse(tx, { appId, name, now: ctx.now() }))
      throw new ProblemError("role-in-use");
    await deleteRoleRow(tx, appId, name);
    await record(tx, ctx, {
      action: "role.deleted",
      organisationId: access.app.organisationId,
      appId,
      targets: [{ type: "role", id: name }],
      change: { before: role },
    });
  });
}
