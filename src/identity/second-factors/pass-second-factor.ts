import type { Context } from "../../context.ts";
import { record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import {
  changeLevel,
  finishSignIn,
  sessionOf,
  type OpenedSession,
} from "../sessions/open-session.ts";
import { stampStepUp } from "../sessions/session-queries.ts";
import { mailRecoveryCodeUsed } from "./factor-mails.ts";
import { countRecoveryCodes, hasFactor } from "./factor-queries.ts";
import { spendRecoveryCode, spendTotp, tryCode } from "./try-code.ts";

/** Finishes a sign-in with a code of the authenticator, as far as the password allows. @throws {ProblemError} `wrong-code`, `factor-paused`. */
export async function passWithTotp(ctx: Context, code: string): Promise<OpenedSession> {
  const { accountId } = sessionOf(ctx);
  return await tryCode(ctx, "session.second-factor-passed", {
    check: (tx) => spendTotp(tx, ctx, code),
    async onRight(tx) {
      const session = await finishSignIn(tx, ctx);
      await record(tx, ctx, {
        action: "session.second-factor-passed",
        targets: [accountTarget(accountId)],
        ...(session.level !== "full" && { change: { after: { level: session.level } } }),
      });
      return session;
    },
  });
}

/**
 * Finishes a sign-in with a recovery code, which works once. Where the authenticator was reported
 * lost, and there is no passkey, it leads to enrolment instead.
 *
 * @throws {ProblemError} `wrong-code`, `factor-paused`.
 */
export async function passWithRecoveryCode(ctx: Context, code: string): Promise<OpenedSession> {
  const { accountId } = sessionOf(ctx);
  return await tryCode(ctx, "session.recovery-code-used", {
    check: (tx) => spendRecoveryCode(tx, ctx, code),
    async onRight(tx) {
      const session = (await hasFactor(tx, accountId))
        ? await finishSignIn(tx, ctx)
        : await changeLevel(tx, ctx, "needs-enrolment");
      const left = await countRecoveryCodes(tx, accountId);
      await mailRecoveryCodeUsed(tx, ctx, accountId, left);
      await record(tx, ctx, {
        action: "session.recovery-code-used",
        targets: [accountTarget(accountId)],
        change: { after: { level: session.level, recoveryCodesLeft: left } },
      });
      return session;
    },
  });
}

/** "Confirm it's you": this session, and no other, has step-up from now on. @throws {ProblemError} `wrong-code`, `factor-paused`. */
export async function stepUp(ctx: Context, code: string): Promise<void> {
  const { accountId, sessionId } = sessionOf(ctx);
  await tryCode(ctx, "session.stepped-up", {
    check: (tx) => spendTotp(tx, ctx, code),
    async onRight(tx) {
      await stampStepUp(tx, { sessionId, now: ctx.now() });
      await record(tx, ctx, {
        action: "session.stepped-up",
        targets: [accountTarget(accountId)],
      });
    },
  });
}
