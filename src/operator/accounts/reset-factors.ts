import type { RecoveryWait } from "../../contract/identity/recovery.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { openReset } from "../../identity/recovery/open-reset.ts";
import { findOpenReset } from "../../identity/recovery/reset-queries.ts";
import { cancelReset } from "../../identity/recovery/stop-recovery.ts";
import { lockFactors } from "../../identity/second-factors/factor-throttle.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { requireAllowances } from "../../identity/throttling/allowance.ts";
import { RECOVERY_ALLOWANCE } from "../../identity/throttling/limits.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";
import { findAccount } from "./account-queries.ts";

/**
 * Asks for a reset of somebody's second factors. An operator removes none: every address is told at once, and only
 * after the wait does the person's own password lead to setting up new ones. Nobody does so for themselves.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `forbidden` for one's own account; `conflict` when one
 *   waits already or there is nothing to reset; `too-many-requests`.
 */
export async function askFactorReset(
  ctx: Context,
  { accountId, reason: given }: { accountId: string; reason: string },
): Promise<RecoveryWait> {
  const own = requireOperator(ctx);
  requireStepUp(ctx);
  await requirePerson(ctx, accountId);
  if (own.accountId === accountId)
    throw new ProblemError("forbidden", { detail: { code: "own-account" } });
  const reason = given.trim();
  await requireAllowances(ctx, [{ allowance: RECOVERY_ALLOWANCE, subject: accountId }]);
  return await changeAsOperator(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    const by = { operatorId: own.accountId, reason };
    const { id, ...wait } = await openReset(tx, ctx, { accountId, by });
    await record(tx, ctx, {
      action: "account.factor-reset-asked",
      reason,
      targets: [accountTarget(accountId), { type: "factor-reset", id }],
      change: { after: wait },
    });
    return wait;
  });
}

/** Cancels a reset, whoever asked for it. @throws {ProblemError} `not-found`, `step-up-required`. */
export async function cancelFactorReset(ctx: Context, accountId: string): Promise<void> {
  requireOperator(ctx);
  requireStepUp(ctx);
  await requirePerson(ctx, accountId);
  await changeAsOperator(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    const reset = await findOpenReset(tx, { accountId, now: ctx.now() });
    if (reset === undefined) throw new ProblemError("not-found");
    await cancelReset(tx, ctx, reset);
    await tell(tx, ctx, accountId, { kind: "recovery-stopped", values: {}, lines: ["operator"] });
    await record(tx, ctx, {
      action: "account.factor-reset-cancelled",
      targets: [accountTarget(accountId), { type: "factor-reset", id: reset.id }],
    });
  });
}

/** Service accounts have no second factor. */
async function requirePerson(ctx: Context, accountId: string): Promise<void> {
  const account = await findAccount(ctx.db, accountId);
  if (account?.kind !== "person") throw new ProblemError("not-found");
  ctx.notes.targets = [accountTarget(accountId)];
}
