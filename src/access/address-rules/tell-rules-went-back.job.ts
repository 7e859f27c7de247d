import { change, record } from "../../record/entries/change.ts";
import { organisationSlot } from "../../platform/db/version-slots.ts";
import { defineJob } from "../../platform/jobs/define-job.ts";
import { ProblemError } from "../../problem-error.ts";
import { tellOwners } from "../service-accounts/tell-owners.ts";
import { settleWentBack } from "./rule-queries.ts";
import { findScope } from "./rules-scope.ts";

/**
 * Puts on record that a change of address rules went back, and tells the owners. The change has gone
 * back without it, at its instant: nothing is decided here.
 */
export const tellRulesWentBack = defineJob({
  name: "tell-rules-went-back",
  timeoutMs: 30_000,
  async run({ ctx }, { level, ownerId, ...payload }) {
    const owner = { level, ownerId };
    const now = ctx.now();
    const revertsAt = new Date(payload.revertsAt);
    const scope = await findScope(ctx.db, owner, now);
    if (scope === undefined || !(await isDue(ctx.db, owner, revertsAt))) return;
    if (revertsAt > now) throw new Error("came before the rules went back");
    const { app } = scope;
    await change(ctx, { relies: [organisationSlot(app.organisationId)] }, async (tx) => {
      // Changed or confirmed since it was looked at: then there is nothing to tell, as the next try finds.
      if (!(await settleWentBack(tx, owner, { revertsAt, now })))
        throw new ProblemError("conflict");
      await record(tx, ctx, {
        action: "address-rules.went-back",
        organisationId: app.organisationId,
        appId: app.id,
        targets: scope.targets,
        reason: "not-confirmed",
      });
      await tellOwners(tx, ctx, app.organisationId, {
        kind: "rules-went-back",
        values: { app: app.name, scope: scope.phrase, since: revertsAt },
        lines: ["what", "then"],
      });
    });
  },
});

async function isDue(
  db: Parameters<typeof findScope>[0],
  { level, ownerId }: Parameters<typeof findScope>[1],
  revertsAt: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom("address_rules")
    .select("level")
    .where("level", "=", level)
    .where("owner_id", "=", ownerId)
    .where("reverts_at", "=", revertsAt)
    .executeTakeFirst();
  return row !== undefined;
}
