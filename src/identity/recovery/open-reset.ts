import type { RecoveryWait } from "../../contract/identity/recovery.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { enqueue } from "../../platform/jobs/enqueue.ts";
import { ProblemError } from "../../problem-error.ts";
import { lockForSignIn } from "../accounts/account-queries.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { mailRecovery } from "./recovery-mails.ts";
import { findOpenReset, insertReset, type NewReset } from "./reset-queries.ts";

/** How long a reset may be used once its wait is over. */
const USABLE_DAYS = 7;

/**
 * Begins a reset of an account's second factors, in the caller's transaction: a wait in which every address is
 * told, and after which the password leads to enrolment. It signs nobody in, and until the new factor is confirmed
 * the ones of before go on working.
 *
 * @throws {ProblemError} `conflict` when one waits already, or the account has nothing to reset.
 */
export async function openReset(
  tx: Tx,
  ctx: Context,
  { accountId, by }: Pick<NewReset, "accountId" | "by">,
): Promise<RecoveryWait & { id: string }> {
  const now = ctx.now();
  await lockFactors(tx, accountId);
  const account = await lockForSignIn(tx, { accountId, willChange: false });
  if (account.disabled_at !== null || !account.has_enrolled)
    throw new ProblemError("conflict", { detail: { code: "nothing-to-recover" } });
  if ((await findOpenReset(tx, { accountId, now })) !== undefined)
    throw new ProblemError("conflict", { detail: { code: "recovery-waits" } });
  const id = uuidv7(now.getTime());
  const readyAt = new Date(now.getTime() + ctx.config.recoveryWaitHours * 3_600_000);
  const endsAt = new Date(readyAt.getTime() + USABLE_DAYS * 86_400_000);
  await insertReset(tx, { id, accountId, by, now, readyAt, endsAt });
  const reset = { id, accountId, askedBy: by?.operatorId ?? null, readyAt, endsAt };
  await mailRecovery(tx, ctx, reset, "begun");
  const halfway = new Date((now.getTime() + readyAt.getTime()) / 2);
  await enqueue(tx, "remind-of-recovery", { resetId: id, stage: "waiting" }, { runAt: halfway });
  await enqueue(tx, "remind-of-recovery", { resetId: id, stage: "ready" }, { runAt: readyAt });
  return { id, readyAt: readyAt.toISOString(), endsAt: endsAt.toISOString() };
}
