import type { Action } from "../../contract/actions.ts";
import type { Context } from "../../context.ts";
import { open } from "../../platform/crypto/seal.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, type SlotLocks } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { findTotp, spendRecoveryCodeRow, spendStep } from "./factor-queries.ts";
import { countWrongCode, lockFactors, requireUnpaused } from "./factor-throttle.ts";
import { recoveryCodeCandidates } from "./recovery-codes.ts";
import { matchTotp } from "./totp.ts";

/**
 * `used`: it was right once. `cloned`: right, and given by a copy of a passkey. Both are refused like a wrong one,
 * but no guess: not counted as one.
 */
export type Verdict = "right" | "used" | "wrong" | "cloned";

/** What is put on record, and what the caller is told. */
export type Refusal = { reason: string; problem: ProblemError };

const refusalOfCode = (verdict: Exclude<Verdict, "right">): Refusal => ({
  reason: verdict === "used" ? "code-used-before" : "wrong-code",
  problem: new ProblemError("wrong-code"),
});

/** What a TOTP secret is sealed for: it opens for no other account. */
export const totpSeal = (accountId: string): string => `totp-secret:${accountId}`;

/**
 * The one way in which codes of second factors, and passkeys in their place, are tried: one after the other for an account, never
 * during a pause, only in a session that is still live, and wrong ones are counted together. A wrong
 * code is kept on record; `onRight` puts a right one there, in the same transaction as what it does.
 *
 * @throws {ProblemError} `wrong-code` after it was counted and recorded; `factor-paused`;
 *   `not-signed-in` when the session ended meanwhile.
 */
export async function tryCode<T>(
  ctx: Context,
  action: Action,
  steps: {
    check: (tx: Tx) => Promise<Verdict>;
    onRight: (tx: Tx) => Promise<T>;
    refusalOf?: (verdict: Exclude<Verdict, "right">) => Refusal;
  },
  { touches = [] }: Pick<SlotLocks, "touches"> = {},
): Promise<T> {
  const { accountId } = sessionOf(ctx);
  const outcome = await change(ctx, { touches, relies: [accountSlot(accountId)] }, async (tx) => {
    const throttle = await lockFactors(tx, accountId);
    requireUnpaused(ctx, throttle);
    await requireStillLive(tx, ctx);
    const verdict = await steps.check(tx);
    if (verdict === "right") return { isRight: true as const, value: await steps.onRight(tx) };
    if (verdict === "wrong") await countWrongCode(tx, ctx, throttle);
    const { reason, problem } = (steps.refusalOf ?? refusalOfCode)(verdict);
    const targets = [accountTarget(accountId), ...(ctx.notes.targets ?? [])];
    await record(tx, ctx, { action, outcome: "refused", reason, targets });
    return { isRight: false as const, problem };
  });
  if (!outcome.isRight) throw outcome.problem;
  return outcome.value;
}

/** Tries a code of the account's authenticator. */
export async function spendTotp(tx: Tx, ctx: Context, code: string): Promise<Verdict> {
  const { accountId } = sessionOf(ctx);
  const factor = await findTotp(tx, accountId, "live");
  if (factor === undefined) return "wrong";
  const now = ctx.now();
  const secret = open(ctx.keyRing, totpSeal(accountId), factor.sealed_secret).toString();
  const step = matchTotp(secret, code, now.getTime());
  if (step === null) return "wrong";
  return (await spendStep(tx, { id: factor.id, step, now })) ? "right" : "used";
}

/** Tries a recovery code of the account. */
export async function spendRecoveryCode(tx: Tx, ctx: Context, code: string): Promise<Verdict> {
  const { accountId } = sessionOf(ctx);
  const candidates = recoveryCodeCandidates(ctx.keyRing, accountId, code);
  return await spendRecoveryCodeRow(tx, { accountId, candidates, now: ctx.now() });
}
