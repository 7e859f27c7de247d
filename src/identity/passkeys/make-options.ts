import {
  MAX_PASSKEYS,
  type AssertionOptions,
  type RegistrationOptions,
} from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { readBranding } from "../../platform/branding/branding-queries.ts";
import { ProblemError } from "../../problem-error.ts";
import { findPerson } from "../accounts/account-queries.ts";
import { issuerOf } from "../second-factors/issuer-of.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { CHALLENGE_VALID_MS, newChallenge, type ChallengePurpose } from "./challenge.ts";
import { listCredentials } from "./passkey-queries.ts";
import { userHandleOf } from "./user-handle.ts";
import { ALGORITHMS } from "./verify-passkey.ts";

/** What the browser is told to make. @throws {ProblemError} `step-up-required`; `conflict` when there are enough. */
export async function optionsToAdd(ctx: Context): Promise<RegistrationOptions> {
  requireStepUp(ctx);
  const { accountId, sessionId } = sessionOf(ctx);
  const held = await descriptorsOf(ctx, accountId);
  if (held.length >= MAX_PASSKEYS)
    throw new ProblemError("conflict", {
      detail: { code: "too-many-passkeys", params: { count: MAX_PASSKEYS } },
    });
  const { email, display_name: displayName } = await findPerson(ctx.db, accountId);
  const name = issuerOf(ctx, await readBranding(ctx.db));
  return {
    challenge: newChallenge(ctx, { purpose: "add", sessionId }),
    rp: { id: ctx.config.rpId, name },
    user: { id: userHandleOf(accountId), name: email, displayName },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: CHALLENGE_VALID_MS,
    attestation: "none",
    excludeCredentials: held,
    authenticatorSelection: {
      residentKey: "preferred",
      requireResidentKey: false,
      userVerification: "preferred",
    },
  };
}

/** What the browser is asked to prove, by one of the account's passkeys. */
export async function optionsOfOwn(
  ctx: Context,
  purpose: Extract<ChallengePurpose, "second-factor" | "step-up">,
): Promise<AssertionOptions> {
  const { accountId, sessionId } = sessionOf(ctx);
  return {
    challenge: newChallenge(ctx, { purpose, sessionId }),
    rpId: ctx.config.rpId,
    timeout: CHALLENGE_VALID_MS,
    allowCredentials: await descriptorsOf(ctx, accountId),
    userVerification: "preferred",
  };
}

/** The same of nobody in particular: the passkey says whose it is, and stands for both factors. */
export function optionsOfAnybody(ctx: Context): AssertionOptions {
  return {
    challenge: newChallenge(ctx, { purpose: "sign-in", sessionId: null }),
    rpId: ctx.config.rpId,
    timeout: CHALLENGE_VALID_MS,
    allowCredentials: [],
    userVerification: "required",
  };
}

async function descriptorsOf({ db }: Context, accountId: string) {
  const held = await listCredentials(db, accountId);
  return held.map(({ credential_id: id, transports }) => ({
    id: id.toString("base64url"),
    type: "public-key" as const,
    transports,
  }));
}
