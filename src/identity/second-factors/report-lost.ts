import type { LostRequest } from "../../contract/identity/second-factors.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { changeLevel, sessionOf, type OpenedSession } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { mailFactorLost } from "./factor-mails.ts";
import { countRecoveryCodes, deleteTotp } from "./factor-queries.ts";
import { lockFactors } from "./factor-throttle.ts";
import { spendRecoveryCode, tryCode } from "./try-code.ts";

export type ReportedLost = { session: OpenedSession; recoveryCodesLeft: number };

/**
 * The authenticator is lost or stolen: its codes are dead at once, every other session ends, and this
 * one goes to enrolment. Asks for fresh proof: step-up in a full session, or a recovery code, which a
 * half-open session must give. A later sign-in gets no further than `needs-second-factor`, where a
 * recovery code leads to enrolment: the password alone never does again.
 *
 * @throws {ProblemError} `step-up-required`, `second-factor-required` without the proof; `wrong-code`,
 *   counted; `factor-paused`.
 */
export async function reportLost(
  ctx: Context,
  { recoveryCode }: LostRequest,
): Promise<ReportedLost> {
  const { accountId, level } = sessionOf(ctx);
  if (recoveryCode !== undefined)
    return await tryCode(ctx, "factor.reported-lost", {
      check: (tx) => spendRecoveryCode(tx, ctx, recoveryCode),
      onRight: (tx) => loseFactor(tx, ctx),
    });
  if (level !== "full") throw new ProblemError("second-factor-required");
  requireStepUp(ctx);
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await requireStillLive(tx, ctx);
    return await loseFactor(tx, ctx);
  });
}

async function loseFactor(tx: Tx, ctx: Context): Promise<ReportedLost> {
  const { accountId, sessionId } = sessionOf(ctx);
  await deleteTotp(tx, accountId);
  const now = ctx.now();
  const others = { accountId, exceptSessionId: sessionId, reason: "factor-lost" as const, now };
  const endedSessions = await endSessions(tx, others);
  const session = await changeLevel(tx, ctx, "needs-enrolment");
  const left = await countRecoveryCodes(tx, accountId);
  await mailFactorLost(tx, ctx, accountId, left);
  await record(tx, ctx, {
    action: "factor.reported-lost",
    targets: [accountTarget(accountId)],
    change: { after: { factor: "totp", endedSessions, recoveryCodesLeft: left } },
  });
  return { session, recoveryCodesLeft: left };
}
