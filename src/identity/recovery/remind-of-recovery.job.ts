import { defineJob } from "../../platform/jobs/define-job.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { mailRecovery } from "./recovery-mails.ts";
import { findOpenResetById, isReady } from "./reset-queries.ts";

/**
 * Tells every address again that a reset of second factors waits, and that its wait is over. Nothing is decided
 * here: where it comes late, or not at all, the wait ends all the same.
 */
export const remindOfRecovery = defineJob({
  name: "remind-of-recovery",
  timeoutMs: 30_000,
  async run({ ctx }, { resetId, stage }) {
    const now = ctx.now();
    const reset = await findOpenResetById(ctx.db, { id: resetId, now });
    if (reset === undefined) return;
    if (stage === "ready" && !isReady(reset, now)) throw new Error("came before the wait was over");
    const { accountId } = reset;
    await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
      // A mail that says "waits" would be wrong by now.
      await mailRecovery(tx, ctx, reset, isReady(reset, now) ? "ready" : "waiting");
      await record(tx, ctx, {
        action: "recovery.reminded",
        targets: [accountTarget(accountId), { type: "factor-reset", id: resetId }],
      });
    });
  },
});
