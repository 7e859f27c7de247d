import type { OwnPermission } from "../../contract/access/permissions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { requirePermission, type AppAccess } from "./app-access.ts";
import { changeAsCaller } from "./change-as-caller.ts";

export type AppChange = {
  appId: string;
  permission: OwnPermission;
  /** `touches`: decisions about the app's organisation depend on it; `relies`: it only relies on the caller's authority. */
  locks?: "touches" | "relies";
  /** Accounts whose access changes. */
  accounts?: readonly string[];
  /** Organisations that change beside the app's own. */
  organisations?: readonly string[];
};

/**
 * A change of one app by somebody who may. Who may not is refused before anything is locked, so that
 * an outsider can't hold up an organisation; what counts is read again under the locks.
 *
 * @throws {ProblemError} `not-found`, `forbidden`; `conflict` when the app was handed over meanwhile.
 */
export async function changeApp<T>(
  ctx: Context,
  { appId, permission, locks = "touches", accounts = [], organisations = [] }: AppChange,
  work: (tx: Tx, access: AppAccess) => Promise<T>,
): Promise<T> {
  const { app } = await requirePermission(ctx.db, ctx, appId, permission);
  const own = organisationSlot(app.organisationId);
  const others = [...organisations.map(organisationSlot), ...accounts.map(accountSlot)];
  return await changeAsCaller(
    ctx,
    {
      touches: locks === "touches" ? [own, ...others] : others,
      relies: [own],
    },
    async (tx) => {
      const access = await requirePermission(tx, ctx, appId, permission);
      if (access.app.organisationId !== app.organisationId) throw new ProblemError("conflict");
      return await work(tx, access);
    },
  );
}
