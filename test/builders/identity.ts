import { TOTP, Secret } from "otpauth";
import type { SessionLevel } from "../../src/context.ts";
import { seal } from "../../src/platform/crypto/seal.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import {
  hashRecoveryCode,
  newRecoveryCodes,
} from "../../src/identity/second-factors/recovery-codes.ts";
import { newTotpSecret } from "../../src/identity/second-factors/totp.ts";
import { totpSeal } from "../../src/identity/second-factors/try-code.ts";
import type { Harness, Headers, Reply } from "../harness.ts";
import { addPerson, type Person } from "./people.ts";

/** Passes every rule for passwords; nobody's. */
export const GOOD_PASSWORD = "velvet anchor tundra 58 lantern";

/** The code of a secret at a moment, or some 30 s steps from it. */
export function totpCode(secret: string, at: Date, stepsAhead = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: at.getTime() + stepsAhead * 30_000,
  });
}

/** A code that is none of those accepted at that moment. */
export function wrongTotpCode(secret: string, at: Date): string {
  const right = new Set([-1, 0, 1, 2].map((steps) => totpCode(secret, at, steps)));
  for (let number = 0; ; number += 1) {
    const code = String(number).padStart(6, "0");
    if (!right.has(code)) return code;
  }
}

export type EnrolledPerson = Person & { secret: string; recoveryCodes: string[] };

/** A person with a live authenticator and 16 recovery codes; a password where one is given (which costs a hash). */
export async function addEnrolledPerson(
  h: Harness,
  given: {
    password?: string;
    level?: SessionLevel;
    isSteppedUp?: boolean;
    hasTotp?: boolean;
  } = {},
): Promise<EnrolledPerson> {
  const person = await addPerson(h, given);
  const { accountId } = person;
  const { keyRing } = h.services;
  const secret = newTotpSecret();
  const recoveryCodes = newRecoveryCodes();
  const now = h.clock.now();
  if (given.hasTotp ?? true)
    await h.db
      .insertInto("totp_factor")
      .values({
        id: uuidv7(now.getTime()),
        account_id: accountId,
        state: "live",
        sealed_secret: seal(keyRing, totpSeal(accountId), secret),
        created_at: now,
        confirmed_at: now,
      })
      .execute();
  await h.db
    .insertInto("recovery_code")
    .values(
      recoveryCodes.map((code) => {
        const { keyId, mac } = hashRecoveryCode(keyRing, accountId, code);
        return { account_id: accountId, mac, mac_key_id: keyId };
      }),
    )
    .execute();
  if (given.password !== undefined) await setPassword(h, accountId, given.password);
  return { ...person, secret, recoveryCodes };
}

/** Gives an account a password, set now. Costs a hash. */
export async function setPassword(h: Harness, accountId: string, password: string): Promise<void> {
  await h.db
    .updateTable("account")
    .set({
      password_hash: await h.services.passwords.hash(password),
      password_changed_at: h.clock.now(),
    })
    .where("id", "=", accountId)
    .execute();
}

/** The cookies that a reply set, as a browser would send them back. */
export function cookiesOf(reply: Reply): Headers {
  const set = reply.headers["set-cookie"];
  const lines = [set ?? []].flat().filter((line) => typeof line === "string");
  return { cookie: lines.map((line) => line.split(";")[0] ?? "").join("; ") };
}

/** The token of the newest mail's link to an address. */
export async function linkToken(h: Harness, email: string): Promise<string> {
  const mails = await h.mails();
  const text = mails.findLast(({ to }) => to === email)?.text ?? "";
  const token = /\?token=([\w-]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link was mailed to ${email}`);
  return token;
}

let counter = 0;
export const newEmail = (): string => `new-${process.pid}-${counter++}@example.test`;
