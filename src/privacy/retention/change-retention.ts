import { changeOrganisation } from "../../access/organisations/require-membership.ts";
import { actorName, tellOwners } from "../../access/service-accounts/tell-owners.ts";
import { callerOf } from "../../access/sharing/app-access.ts";
import type { Retention, RetentionPeriods } from "../../contract/privacy/retention.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import { record } from "../../record/entries/change.ts";
import { combine } from "./combine-periods.ts";
import { retentionOf } from "./read-retention.ts";
import { putPolicy, readPolicy, type Policy } from "./retention-queries.ts";

type Given = { organisationId: string; periods: RetentionPeriods };

/**
 * Sets how long the organisation's log is kept. What gets longer does so at once. What gets shorter waits, all
 * owners are told, and whoever sets the former periods again has taken it back.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`
 */
export async function changeRetention(
  ctx: Context,
  { organisationId, periods: wanted }: Given,
): Promise<Retention> {
  requireStepUp(ctx);
  return await changeOrganisation(
    ctx,
    { organisationId, needs: "any", locks: "touches" },
    async (tx, { name }) => {
      const now = ctx.now();
      const before = await readPolicy(tx, organisationId);
      const after = combine(before.periods, wanted, now);
      await putPolicy(tx, { organisationId, accountId: callerOf(ctx), now, ...after });
      await tell(tx, ctx, { organisationId, organisation: name, after });
      await record(tx, ctx, {
        action: "retention.changed",
        organisationId,
        targets: [{ type: "organisation", id: organisationId }],
        change: { before, after },
      });
      return await retentionOf(tx, organisationId);
    },
  );
}

async function tell(
  tx: Tx,
  ctx: Context,
  {
    organisationId,
    organisation,
    after,
  }: { organisationId: string; organisation: string; after: Policy },
): Promise<void> {
  const { routineDays, importantDays, addressDays } = after.next?.periods ?? after.periods;
  const values = {
    organisation,
    actor: await actorName(tx, ctx),
    routine: routineDays,
    important: importantDays,
    address: addressDays,
  };
  if (after.next === null)
    return await tellOwners(tx, ctx, organisationId, {
      kind: "retention-changed",
      values,
      lines: ["what", "periods"],
    });
  await tellOwners(tx, ctx, organisationId, {
    kind: "retention-shortened",
    values: { ...values, from: after.next.holdsFrom },
    lines: ["what", "periods"],
  });
}
