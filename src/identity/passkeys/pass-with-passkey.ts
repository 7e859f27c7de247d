import type { PasskeyAssertion } from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { tryCode } from "../second-factors/try-code.ts";
import { finishSignIn, sessionOf, type OpenedSession } from "../sessions/open-session.ts";
import { stampStepUp } from "../sessions/session-queries.ts";
import { refusalOf } from "./refusal-of.ts";
import { spendPasskey } from "./spend-passkey.ts";

/** Finishes a sign-in with a passkey in the code's place. @throws {ProblemError} `wrong-passkey`, `factor-paused`. */
export async function passWithPasskey(
  ctx: Context,
  assertion: PasskeyAssertion,
): Promise<OpenedSession> {
  const { accountId } = sessionOf(ctx);
  return await tryCode(ctx, "session.second-factor-passed", {
    check: (tx) => spendPasskey(tx, ctx, assertion, "second-factor"),
    refusalOf,
    async onRight(tx) {
      const session = await finishSignIn(tx, ctx);
      await record(tx, ctx, {
        action: "session.second-factor-passed",
        targets: [accountTarget(accountId), ...(ctx.notes.targets ?? [])],
        change: { after: { factor: "passkey", level: session.level } },
      });
      return session;
    },
  });
}

/** "Confirm it's you" by a passkey: this session, and no other, has step-up from now on. @throws {ProblemError} `wrong-passkey`, `factor-paused`. */
export async function stepUpWithPasskey(ctx: Context, assertion: PasskeyAssertion): Promise<void> {
  const { accountId, sessionId } = sessionOf(ctx);
  await tryCode(ctx, "session.stepped-up", {
    check: (tx) => spendPasskey(tx, ctx, assertion, "step-up"),
    refusalOf,
    async onRight(tx) {
      await stampStepUp(tx, { sessionId, now: ctx.now() });
      await record(tx, ctx, {
        action: "session.stepped-up",
        targets: [accountTarget(accountId), ...(ctx.notes.targets ?? [])],
        change: { after: { factor: "passkey" } },
      });
    },
  });
}
