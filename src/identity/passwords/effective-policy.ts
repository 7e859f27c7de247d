import type {
  EffectivePasswordPolicy,
  NewPasswordAsked,
} from "../../contract/identity/password-policy.ts";
import type { CharacterRules } from "../../contract/identity/password-rules.ts";
import type { StrictestRules } from "../../contract/identity/strictest-rules.ts";
import type { Context } from "../../context.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { isSteppedUp } from "../sessions/require-step-up.ts";
import { readSession } from "../sessions/session-queries.ts";
import { findPasswordAge } from "./password-due.ts";

/** A sign-in's password counts as just given for as long as a sign-in may take. */
const PASSWORD_FRESH_MS = 30 * 60_000;

/** What binds the caller's password now, with whose it is. */
export async function readOwnPolicy(ctx: Context): Promise<EffectivePasswordPolicy> {
  return toPolicy(await ownRules(ctx));
}

export const ownRules = (ctx: Context): Promise<StrictestRules> =>
  rulesOf(ctx, sessionOf(ctx).accountId);

/** What binds the password of a person's account. */
export async function rulesOf(ctx: Context, accountId: string): Promise<StrictestRules> {
  const age = await findPasswordAge(ctx.db, accountId);
  return await ctx.ports.passwordRules(ctx.db, {
    accountId,
    changedAt: age.password_changed_at,
    distrustedAt: age.password_distrusted_at,
    now: ctx.now(),
  });
}

export function toPolicy({ due, ...rules }: StrictestRules): EffectivePasswordPolicy {
  return { ...rules, due: due && { ...due, at: due.at.toISOString() } };
}

export const characterRulesOf = (rules: StrictestRules): CharacterRules => ({
  minLength: rules.minLength.value,
  needsCapital: rules.needsCapital !== null,
  needsNumber: rules.needsNumber !== null,
  needsSpecial: rules.needsSpecial !== null,
});

/** What a session that can only choose a new password is told; null for any other. */
export async function newPasswordAsked(ctx: Context): Promise<NewPasswordAsked | null> {
  if (sessionOf(ctx).level !== "needs-new-password") return null;
  const rules = await ownRules(ctx);
  return { policy: toPolicy(rules), asks: await asksOf(ctx, rules) };
}

/**
 * What changing the password takes beside the new one. After a sign-in with a password that had ended, nothing:
 * both factors were just given. A session that was open before proves both again. Else whoever sits at an open
 * laptop would ask for another password in the name of its owner's own organisation, and choose it.
 */
export async function asksOf(
  ctx: Context,
  { due }: Pick<StrictestRules, "due">,
): Promise<NewPasswordAsked["asks"]> {
  const { sessionId, level } = sessionOf(ctx);
  if (level === "full") return ["current-password"];
  const { created_at: createdAt } = await readSession(ctx.db, sessionId);
  const isOpenedSince = due !== null && createdAt >= due.at;
  const isFresh = ctx.now().getTime() - createdAt.getTime() <= PASSWORD_FRESH_MS;
  return [
    ...(isOpenedSince && isFresh ? [] : ["current-password" as const]),
    ...(isSteppedUp(ctx) ? [] : ["code" as const]),
  ];
}
