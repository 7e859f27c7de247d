import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { findState, keepPending, type RulesOwner } from "./rule-queries.ts";
import { changeScope } from "./rules-scope.ts";

/**
 * Makes a change of address rules stay that would go back by itself. Anybody who may change them may.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`, `nothing-to-confirm`,
 *   `change-went-back` when the time is over.
 */
export async function confirmRules(ctx: Context, owner: RulesOwner): Promise<void> {
  requireStepUp(ctx);
  await changeScope(ctx, owner, async (tx, scope) => {
    const { current, pending, wentBackAt } = await findState(tx, owner, ctx.now());
    if (!(await keepPending(tx, owner, ctx.now())))
      throw new ProblemError(wentBackAt === null ? "nothing-to-confirm" : "change-went-back");
    await record(tx, ctx, {
      action: "address-rules.confirmed",
      organisationId: scope.app.organisationId,
      appId: scope.app.id,
      targets: scope.targets,
      change: { before: { revertsAt: pending?.revertsAt }, after: { ...current, revertsAt: null } },
    });
    await tellOwners(tx, ctx, scope.app.organisationId, {
      kind: "rules-confirmed",
      values: { app: scope.app.name, scope: scope.phrase, actor: await actorName(tx, ctx) },
      lines: ["what"],
    });
  });
}
