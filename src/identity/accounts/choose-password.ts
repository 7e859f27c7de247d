import type { Context } from "../../context.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import { TokenBuckets } from "../../platform/limits/token-buckets.ts";
import { ProblemError } from "../../problem-error.ts";
import { createPasswordJudge } from "../passwords/password-judge.ts";
import { orBusy } from "../throttling/or-busy.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";
import { characterFaults, type CharacterRules } from "../../contract/identity/password-rules.ts";
import { normalisePassword } from "../passwords/normalise-password.ts";

/** Waiting judgements; one takes up to 0.1 s, so the last of them waits for 10 s at worst. */
const MAX_WAITING_JUDGEMENTS = 100;

/** One thread for the whole process: it holds 60 MB of dictionaries while in use. */
const judge = createPasswordJudge({ maxQueued: MAX_WAITING_JUDGEMENTS });
/** New passwords that one network may have judged: a person tries a dozen, a flood would keep the thread busy. */
const judgements = new TokenBuckets({ burst: 100, perSecond: 1 });

/** What an attacker knows of the person, and so may not be what the password is made of. */
export type KnownOfPerson = { email: string; displayName: string };

export type PasswordPlace = {
  /** Where the password stands in the request. */
  pointer?: string;
  /** What organisations ask of its characters beside what holds for everybody. */
  rules?: CharacterRules;
};

/**
 * Judges a new password and hashes it. Ask before anything depends on whose address it is: both take time.
 *
 * @returns the PHC string to store.
 * @throws {ProblemError} `invalid-request` at `pointer` when it keeps not all rules; `too-many-requests` when too many wait.
 */
export async function choosePassword(
  ctx: Context,
  password: string,
  { email, displayName }: KnownOfPerson,
  { pointer = "/password", rules }: PasswordPlace = {},
): Promise<string> {
  const asked = rules === undefined ? [] : characterFaults(normalisePassword(password), rules);
  const judged = await judgeFor(ctx, password, { email, displayName });
  const faults = [
    ...asked,
    ...judged.filter((fault) => !asked.some(({ code }) => code === fault.code)),
  ];
  if (faults.length > 0)
    throw new ProblemError("invalid-request", {
      errors: faults.map((fault) => failureAt(pointer, fault)),
    });
  return await orBusy(ctx.passwords.hash(password));
}

/** The same judgement, told together with what else is wrong. What the person typed beside it counts as known. */
export const passwordRule: FieldRule = async (password, { ctx, body }) => {
  const [fault] = await judgeFor(ctx, password, {
    email: textOf(body, "email"),
    displayName: textOf(body, "displayName"),
  });
  return fault ?? null;
};

function textOf(body: unknown, member: keyof KnownOfPerson): string {
  const value: unknown = Reflect.get(Object(body), member);
  return typeof value === "string" ? value : "";
}

/** @returns what is wrong with it, for whoever chose it. @throws {ProblemError} `too-many-requests` */
async function judgeFor(
  ctx: Context,
  password: string,
  { email, displayName }: KnownOfPerson,
): Promise<Fault[]> {
  const network = networkOf(ctx.origin.address);
  const waitMs = judgements.take(network, ctx.now().getTime());
  if (waitMs > 0)
    throw new ProblemError("too-many-requests", { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  const userInputs = [email, displayName, ctx.config.publicUrl.hostname];
  const judgement = await orBusy(judge.judge(password, { userInputs }));
  return judgement.ok ? [] : [...judgement.reasons];
}
