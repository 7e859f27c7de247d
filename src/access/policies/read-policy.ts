import { MAX_NAMED, type PasswordPolicy } from "../../contract/access/password-policies.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { requireMembership } from "../organisations/require-membership.ts";
import { accountRefs } from "../sharing/ref-queries.ts";
import { readPolicy } from "./policy-queries.ts";
import { countExempt, listBound } from "./tie-queries.ts";

/** What an organisation asks of passwords. @throws {ProblemError} `not-found`, `invalid-request` at /organisationId */
export async function readPasswordPolicy(
  ctx: Context,
  { organisationId }: { organisationId?: string | undefined },
): Promise<PasswordPolicy> {
  const meant = await organisationMeant(ctx, organisationId);
  const organisation = await requireMembership(ctx.db, ctx, meant, "any");
  return await policyOf(ctx.db, organisation, ctx.now());
}

export async function policyOf(
  db: Db,
  { id, name }: { id: string; name: string },
  now: Date,
): Promise<PasswordPolicy> {
  const { preset, rules, ages, ...stored } = await readPolicy(db, id);
  const refs = await accountRefs(db, stored.changedBy === null ? [] : [stored.changedBy]);
  const current = ages.find(({ days }) => days === rules.maxAgeDays);
  return {
    organisation: { id, name },
    preset,
    rules: { ...rules },
    reason: stored.reason,
    agesSince: current?.since.toISOString() ?? null,
    changedAt: stored.changedAt?.toISOString() ?? null,
    changedBy: stored.changedBy === null ? null : refs(stored.changedBy),
    bound: await boundOf(db, { organisationId: id, now }),
  };
}

/** Whom an organisation's rules bind, whatever they are. */
export async function boundOf(
  db: Db,
  given: { organisationId: string; now: Date },
): Promise<PasswordPolicy["bound"]> {
  const people = await listBound(db, given);
  return {
    people: people.length,
    exempt: await countExempt(db, given.organisationId),
    named: people.slice(0, MAX_NAMED).map(({ id, email, displayName, isMember, apps }) => ({
      account: { id, kind: "person", email, displayName },
      isMember,
      apps,
    })),
  };
}
