import type { ServiceAccountChange } from "../../contract/access/service-accounts.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { record } from "../../record/entries/change.ts";
import type { AppAccess } from "../sharing/app-access.ts";
import { changeServiceAccountOf, requireMayActAs, targetOf } from "./on-service-account.ts";
import { updateServiceAccount, type ServiceAccountRow } from "./service-account-queries.ts";
import { actorName, tellOwners } from "./tell-owners.ts";

/**
 * Renames, disables or enables a service account. Disabled, none of its keys works; enabling gives all
 * of them back, so it takes as much authority as making them.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `beyond-your-own`.
 */
export async function changeServiceAccount(
  ctx: Context,
  { serviceAccountId, change }: { serviceAccountId: string; change: ServiceAccountChange },
): Promise<ServiceAccountRow> {
  requireStepUp(ctx);
  return await changeServiceAccountOf(
    ctx,
    { serviceAccountId, permission: "app:keys" },
    async (tx, { account, access }) => {
      const isDisabled = change.disabled ?? account.disabledAt !== null;
      if (!isDisabled && account.disabledAt !== null) requireMayActAs(access, account, null);
      const changed = {
        ...account,
        name: change.name ?? account.name,
        disabledAt: isDisabled ? (account.disabledAt ?? ctx.now()) : null,
      };
      await updateServiceAccount(tx, changed);
      await record(tx, ctx, {
        action: "service-account.changed",
        organisationId: access.app.organisationId,
        appId: account.appId,
        targets: [targetOf(account)],
        change: { before: shown(account), after: shown(changed) },
      });
      // A change of all its keys at once; a name is none.
      if (isDisabled !== (account.disabledAt !== null)) await tell(tx, ctx, { changed, access });
      return changed;
    },
  );
}

async function tell(
  tx: Tx,
  ctx: Context,
  { changed, access }: { changed: ServiceAccountRow; access: AppAccess },
): Promise<void> {
  const { name: appName, organisationId } = access.app;
  await tellOwners(tx, ctx, organisationId, {
    kind: changed.disabledAt === null ? "service-account-enabled" : "service-account-disabled",
    values: {
      app: appName,
      account: changed.name,
      actor: await actorName(tx, ctx),
      count: changed.liveKeys,
    },
    lines: ["what", "keys"],
  });
}

const shown = ({ name, disabledAt }: ServiceAccountRow) => ({
  name,
  disabled: disabledAt !== null,
});
