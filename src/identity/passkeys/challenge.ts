import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";

/** What an answer to a challenge may do, and nothing else. */
export type ChallengePurpose = "add" | "second-factor" | "step-up" | "sign-in";

/** For whom a challenge is: a session, or, to sign in, whoever answers it. */
export type ChallengeFor = { purpose: ChallengePurpose; sessionId: string | null };

/** How long somebody may look for a key and touch it, ms. */
export const CHALLENGE_VALID_MS = 5 * 60_000;

/** WebAuthn §13.4.3: at least 16 random bytes. */
const RANDOM_BYTES = 16;
const END_BYTES = 8;
const MAC_BYTES = 32;

export type Challenge = { hash: Buffer; endsAt: Date };

/**
 * A new challenge. It carries its end and a MAC over that and whom it is for, so that nothing is stored until
 * it is answered: strangers ask for as many as they like.
 */
export function newChallenge(ctx: Context, given: ChallengeFor): string {
  const body = Buffer.alloc(RANDOM_BYTES + END_BYTES);
  randomBytes(RANDOM_BYTES).copy(body);
  body.writeBigUInt64BE(BigInt(ctx.now().getTime() + CHALLENGE_VALID_MS), RANDOM_BYTES);
  return Buffer.concat([body, ctx.keyRing.mac("token", macInput(body, given)).mac]).toString(
    "base64url",
  );
}

/** The challenge that was answered, if we made it for this, and it has not ended; null for anything else. */
export function readChallenge(
  ctx: Context,
  given: ChallengeFor,
  answered: string,
): Challenge | null {
  const bytes = Buffer.from(answered, "base64url");
  // Decoding skips what is no base64url: only the one spelling that we made counts, or it counted twice.
  if (bytes.length !== RANDOM_BYTES + END_BYTES + MAC_BYTES) return null;
  if (bytes.toString("base64url") !== answered) return null;
  const body = bytes.subarray(0, RANDOM_BYTES + END_BYTES);
  const mac = bytes.subarray(RANDOM_BYTES + END_BYTES);
  const expected = ctx.keyRing.macs("token", macInput(body, given));
  if (!expected.some((candidate) => timingSafeEqual(candidate.mac, mac))) return null;
  const endsAt = new Date(Number(body.readBigUInt64BE(RANDOM_BYTES)));
  if (endsAt <= ctx.now()) return null;
  return { hash: createHash("sha256").update(bytes).digest(), endsAt };
}

/** Uses a challenge up in the caller's transaction; false when it was answered before: of any number at once one is first. */
export async function spendChallenge(tx: Tx, { hash, endsAt }: Challenge): Promise<boolean> {
  const spent = await tx
    .insertInto("answered_challenge")
    .values({ hash, ends_at: endsAt })
    .onConflict((conflict) => conflict.column("hash").doNothing())
    .returning("hash")
    .executeTakeFirst();
  return spent !== undefined;
}

/** NUL is in none of the parts. */
const macInput = (body: Buffer, { purpose, sessionId }: ChallengeFor): string =>
  `passkey-challenge\0${purpose}\0${sessionId ?? ""}\0${body.toString("hex")}`;
