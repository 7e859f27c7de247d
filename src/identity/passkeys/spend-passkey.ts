import type { PasskeyAssertion } from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { sessionOf } from "../sessions/open-session.ts";
import type { Verdict } from "../second-factors/try-code.ts";
import { spendChallenge, type ChallengePurpose } from "./challenge.ts";
import { mailPasskeyCloned } from "./passkey-mails.ts";
import { findCredential, noteClone, noteUse, type Credential } from "./passkey-queries.ts";
import { passkeyTarget } from "./passkey-target.ts";
import { userHandleOf } from "./user-handle.ts";
import { verifyAssertion, type Proof } from "./verify-passkey.ts";

/** Tries a passkey of the session's account, as its second factor. */
export async function spendPasskey(
  tx: Tx,
  ctx: Context,
  assertion: PasskeyAssertion,
  purpose: Extract<ChallengePurpose, "second-factor" | "step-up">,
): Promise<Verdict> {
  const { accountId, sessionId } = sessionOf(ctx);
  const credential = await findCredential(tx, Buffer.from(assertion.id, "base64url"));
  if (credential === undefined || credential.account_id !== accountId) return "wrong";
  const { userHandle } = assertion.response;
  // Security keys without a memory of their own give none.
  if (userHandle && userHandle !== userHandleOf(accountId)) return "wrong";
  const proof = await verifyAssertion(ctx, assertion, {
    purpose,
    sessionId,
    publicKey: credential.public_key,
    needsVerification: false,
  });
  return proof === null ? "wrong" : await spendProof(tx, ctx, credential, proof);
}

/**
 * Uses up what was proven, under the lock of the account's factors: the challenge once, and the authenticator's
 * count. One that has not grown is that of a copy: refused, noted, and its owner is told.
 */
export async function spendProof(
  tx: Tx,
  ctx: Context,
  { id, account_id: accountId, name }: Credential,
  { challenge, counter, isBackedUp }: Proof,
): Promise<Verdict> {
  ctx.notes.targets = [passkeyTarget(accountId, id)];
  if (!(await spendChallenge(tx, challenge))) return "used";
  const now = ctx.now();
  if (await noteUse(tx, { id, counter, isBackedUp, now })) return "right";
  if (await noteClone(tx, { id, now }))
    await mailPasskeyCloned(tx, ctx, { accountId, passkey: name });
  return "cloned";
}
