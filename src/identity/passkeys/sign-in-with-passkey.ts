import type { PasskeyAssertion } from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, lockForSignIn } from "../accounts/account-queries.ts";
import { lockFactors, requireUnpaused } from "../second-factors/factor-throttle.ts";
import {
  actingAs,
  finishSignIn,
  openSession,
  type OpenedSession,
} from "../sessions/open-session.ts";
import { refuseTry } from "../sign-in/refuse-try.ts";
import { countWrong } from "../throttling/count-wrong.ts";
import { NETWORK_ALLOWANCE } from "../throttling/limits.ts";
import { findCredential, type Credential } from "./passkey-queries.ts";
import { refusalOf } from "./refusal-of.ts";
import { spendProof } from "./spend-passkey.ts";
import { NOBODYS_KEY } from "./nobodys-key.ts";
import { userHandleOf } from "./user-handle.ts";
import { verifyAssertion, type Proof } from "./verify-passkey.ts";

const ACTION = "session.signed-in-by-passkey";

/**
 * Signs in by a passkey alone, which made sure of its holder: both factors at once. Unknown passkey, wrong
 * signature and disabled account answer alike, after the same work. Wrong ones count against the caller's
 * network, together with wrong passwords, and never against an account: its name is no secret, and whoever
 * knew it could keep its owner out.
 *
 * @throws {ProblemError} `wrong-passkey`; `too-many-requests`; `factor-paused`, told to the passkey's holder alone.
 */
export async function signInWithPasskey(
  ctx: Context,
  assertion: PasskeyAssertion,
): Promise<OpenedSession> {
  const subject = networkOf(ctx.origin.address);
  const proven = await countWrong(ctx, [{ allowance: NETWORK_ALLOWANCE, subject }], () =>
    prove(ctx, assertion),
  );
  if (proven === null) return await refuseTry(ctx, ACTION, "wrong-passkey");
  const { account_id: accountId } = proven.credential;
  const outcome = await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireOpen(tx, ctx, accountId);
    const verdict = await spendProof(tx, ctx, proven.credential, proven.proof);
    const targets = [accountTarget(accountId), ...(ctx.notes.targets ?? [])];
    if (verdict !== "right") {
      const refusal = refusalOf(verdict);
      await record(tx, ctx, {
        action: ACTION,
        outcome: "refused",
        reason: refusal.reason,
        targets,
      });
      return refusal.problem;
    }
    const begun = await openSession(tx, ctx, accountId, "needs-second-factor");
    const session = await finishSignIn(tx, actingAs(ctx, begun));
    await record(tx, actingAs(ctx, session), {
      action: ACTION,
      targets,
      change: { after: { level: session.level } },
    });
    return session;
  });
  if (outcome instanceof ProblemError) throw outcome;
  return outcome;
}

/** Whose passkey it is, and what it proves; an account that is disabled is like none. */
async function prove(
  ctx: Context,
  assertion: PasskeyAssertion,
): Promise<{ credential: Credential; proof: Proof } | null> {
  const credential = await findCredential(ctx.db, Buffer.from(assertion.id, "base64url"));
  if (credential !== undefined) ctx.notes.targets = [accountTarget(credential.account_id)];
  const proof = await verifyAssertion(ctx, assertion, {
    purpose: "sign-in",
    sessionId: null,
    publicKey: credential?.public_key ?? NOBODYS_KEY,
    needsVerification: true,
  });
  if (proof === null || credential === undefined || credential.disabled_at !== null) return null;
  const isOwn = assertion.response.userHandle === userHandleOf(credential.account_id);
  return isOwn ? { credential, proof } : null;
}

/** In the order of a sign-in by password: the account, then its factors. It may have been disabled since. */
async function requireOpen(tx: Tx, ctx: Context, accountId: string): Promise<void> {
  const account = await lockForSignIn(tx, { accountId, willChange: false });
  const throttle = await lockFactors(tx, accountId);
  if (account.disabled_at !== null) throw new ProblemError("wrong-passkey");
  requireUnpaused(ctx, throttle);
}
