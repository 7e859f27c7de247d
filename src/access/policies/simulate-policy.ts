import {
  MAX_SIMULATED,
  type PasswordPolicyChange,
  type PasswordPolicySimulation,
} from "../../contract/access/password-policies.ts";
import { compareRules } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { readPolicy } from "./policy-queries.ts";
import { countExempt, listBound } from "./tie-queries.ts";
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
  const people = await listBound(ctx.db, { organisationId, now });
  const since = ages.find(({ days }) => days === rules.maxAgeDays)?.since;
  return {
    rules: { ...rules },
    holdsFrom: now.toISOString(),
    firstEndsAt:
      since === undefined || rules.maxAgeDays === null
        ? null
        : new Date(Math.max(now.getTime(), since.getTime() + rules.maxAgeDays * DAY_MS)).toISOString(),
    change,
    people: people.length,
    exempt: await countExempt(ctx.db, organisationId),
    touched: (change === "none" ? [] : people.slice(0, MAX_SIMULATED)).map((person) => ({
      account: { id: person.id, kind: "person", email: person.email, displayName: person.displayName },
      isMember: person.isMember,
      apps: person.apps,
    })),
  };
}
