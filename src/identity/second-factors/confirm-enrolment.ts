import type { Context } from "../../context.ts";
import { open } from "../../platform/crypto/seal.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { finishSignIn, sessionOf, type OpenedSession } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { endSessions, stampStepUp } from "../sessions/session-queries.ts";
import { useReset } from "../recovery/use-reset.ts";
import { mailEnrolled, mailRecovered } from "./factor-mails.ts";
import { findTotp, promotePendingTotp } from "./factor-queries.ts";
import { makeRecoveryCodes } from "./make-recovery-codes.ts";
import { matchTotp } from "./totp.ts";
import { totpSeal, tryCode } from "./try-code.ts";

/** A secret left on a screen is not confirmed by somebody who finds it there later. */
const PENDING_VALID_MS = 60 * 60_000;

export type Enrolled = {
  recoveryCodes: string[];
  /** Null in a session that was full already: it keeps its secret. */
  session: OpenedSession | null;
};

/**
 * A code proves that the new authenticator works: it is the live one from now on, alone, with a new
 * set of recovery codes. A session at `needs-enrolment` becomes full, and the account's other
 * half-open ones end: with the password alone nobody enrols a second time.
 *
 * @throws {ProblemError} `wrong-code`, counted; `conflict` when no enrolment was begun;
 *   `step-up-required` in a full session; `factor-paused`.
 */
export async function confirmEnrolment(ctx: Context, code: string): Promise<Enrolled> {
  const { accountId, level } = sessionOf(ctx);
  if (level === "full") requireStepUp(ctx);
  let confirmed: { id: string; step: number } | null = null;
  return await tryCode(ctx, "factor.confirmed", {
    async check(tx) {
      confirmed = await matchPending(tx, ctx, code);
      return confirmed === null ? "wrong" : "right";
    },
    async onRight(tx) {
      if (confirmed === null) throw new Error("a right code has its step");
      const now = ctx.now();
      const { isReplacement } = await promotePendingTotp(tx, { ...confirmed, accountId, now });
      const recoveryCodes = await makeRecoveryCodes(tx, ctx, accountId);
      const reset = await useReset(tx, ctx);
      const session = await becomeFull(tx, ctx);
      await (reset === null
        ? mailEnrolled(tx, ctx, accountId, isReplacement)
        : mailRecovered(tx, ctx, accountId));
      await record(tx, ctx, {
        action: "factor.confirmed",
        targets: [accountTarget(accountId)],
        change: {
          after: { factor: "totp", isReplacement, recoveryCodes: recoveryCodes.length, ...reset },
        },
      });
      return { recoveryCodes, session };
    },
  });
}

async function matchPending(
  tx: Tx,
  ctx: Context,
  code: string,
): Promise<{ id: string; step: number } | null> {
  const { accountId } = sessionOf(ctx);
  const nowMs = ctx.now().getTime();
  const pending = await findTotp(tx, accountId, "pending");
  if (pending === undefined || nowMs - pending.created_at.getTime() > PENDING_VALID_MS)
    throw new ProblemError("conflict", { detail: { code: "enrolment-not-begun" } });
  const secret = open(ctx.keyRing, totpSeal(accountId), pending.sealed_secret).toString();
  const step = matchTotp(secret, code, nowMs);
  return step === null ? null : { id: pending.id, step };
}

async function becomeFull(tx: Tx, ctx: Context): Promise<OpenedSession | null> {
  const { accountId, sessionId, level } = sessionOf(ctx);
  const now = ctx.now();
  if (level === "full") {
    await stampStepUp(tx, { sessionId, now });
    return null;
  }
  await endSessions(tx, {
    accountId,
    exceptSessionId: sessionId,
    isHalfOpen: true,
    reason: "replaced",
    now,
  });
  return await finishSignIn(tx, ctx);
}
