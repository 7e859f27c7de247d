import type {
  PasswordPolicyChange,
  PasswordPolicySimulation,
} from "../../contract/access/password-policies.ts";
import { compareRules } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { readPolicy } from "./policy-queries.ts";
import { boundOf } from "./read-policy.ts";
import { wantedPolicy } from "./wanted-rules.ts";

const DAY_MS = 86_400_000;

/**
 * Whom other rules would bind, and from when. Changes nothing, and tells nothing that the organisation does
 * not know: neither what others ask of its guests, nor how old anybody's password is.
 *
 * @throws {ProblemError} `not-found`, `invalid-request`
 */
export async function simulatePasswordPolicy(
  ctx: Context,
  sent: PasswordPolicyChange,
): Promise<PasswordPolicySimulation> {
  const organisationId = await organisationMeant(ctx, sent.organisationId);
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const now = ctx.now();
  const before = await readPolicy(ctx.db, organisationId);
  const { rules, ages } = wantedPolicy(sent, { ages: before.ages, now });
  const change = compareRules(before.rules, rules);
  const since = ages.find(({ days }) => days === rules.maxAgeDays)?.since;
  return {
    rules: { ...rules },
    holdsFrom: now.toISOString(),
    firstEndsAt:
      since === undefined || rules.maxAgeDays === null
        ? null
        : new Date(
            Math.max(now.getTime(), since.getTime() + rules.maxAgeDays * DAY_MS),
          ).toISOString(),
    change,
    bound: await boundOf(ctx.db, { organisationId, now }),
  };
}
