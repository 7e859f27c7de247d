import { requireMembership } from "../../access/organisations/require-membership.ts";
import type {
  Retention,
  RetentionPeriods,
  RetentionPreview,
} from "../../contract/privacy/retention.ts";
import { leastPeriods } from "../../contract/record/retention.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";
import { DAY_MS } from "../../record/erasure/plan.ts";
import { combine } from "./combine-periods.ts";
import { countOlder, listActs, readPolicy } from "./retention-queries.ts";

/** How long the organisation's log is kept, and what went lately. @throws {ProblemError} `not-found` */
export async function readRetention(ctx: Context, organisationId: string): Promise<Retention> {
  await requireMembership(ctx.db, ctx, organisationId, "any");
  return await retentionOf(ctx.db, organisationId);
}

export async function retentionOf(db: Db, organisationId: string): Promise<Retention> {
  const { periods, next } = await readPolicy(db, organisationId);
  const acts = await listActs(db, organisationId);
  return {
    periods: { ...periods },
    next:
      next === null
        ? null
        : { periods: { ...next.periods }, holdsFrom: next.holdsFrom.toISOString() },
    least: { ...leastPeriods },
    acts: acts.map(({ endedAt, first, last, ...act }) => ({
      ...act,
      endedAt: endedAt.toISOString(),
      leaves: first === null || last === null ? null : [first, last],
    })),
  };
}

/**
 * What other periods would remove today, and from when they would hold. Changes nothing.
 *
 * @throws {ProblemError} `not-found`
 */
export async function previewRetention(
  ctx: Context,
  { organisationId, periods }: { organisationId: string; periods: RetentionPeriods },
): Promise<RetentionPreview> {
  await requireMembership(ctx.db, ctx, organisationId, "any");
  const now = ctx.now();
  const { next } = combine((await readPolicy(ctx.db, organisationId)).periods, periods, now);
  const ago = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
  const counted = await countOlder(ctx.db, organisationId, {
    routine: ago(periods.routineDays),
    important: ago(periods.importantDays),
    address: ago(periods.addressDays),
  });
  return { ...counted, holdsFrom: (next?.holdsFrom ?? now).toISOString() };
}
