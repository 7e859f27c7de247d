import type { AddressRules } from "../../contract/access/address-rules.ts";
import type { Context } from "../../context.ts";
import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import { listCallers } from "../api-keys/caller-queries.ts";
import { toKeyCaller } from "../api-keys/key-views.ts";
import { warningsOf } from "./check-entries.ts";
import { loadRules } from "./effective-rules.ts";
import { narrowerLists } from "./narrower-lists.ts";
import { findState, type RulesOwner } from "./rule-queries.ts";
import { readScope } from "./rules-scope.ts";

/** Callers count as recent for a week: what runs less often is rare, and seen by the monitor mode. */
export const RECENT_MS = 7 * 24 * 3_600_000;

/** Callers shown with the rules; the most recent. */
const MAX_CALLERS_SHOWN = 500;

/** @throws {ProblemError} `not-found`, `forbidden`. */
export async function readRules(ctx: Context, owner: RulesOwner): Promise<AddressRules> {
  await readScope(ctx, owner);
  return await viewRules(ctx.db, ctx, owner);
}

/** An owner's rules with all that helps to judge them. */
export async function viewRules(db: Db, ctx: Context, owner: RulesOwner): Promise<AddressRules> {
  const now = ctx.now();
  const { current, pending } = await findState(db, owner, now);
  const compiled = compileRules(current.entries);
  const since = new Date(now.getTime() - RECENT_MS);
  const callers = await listCallers(db, { selection: owner, since, now, limit: MAX_CALLERS_SHOWN });
  return {
    mode: current.mode,
    entries: [...current.entries],
    revertsAt: pending?.revertsAt.toISOString() ?? null,
    revertsTo: pending && { ...pending.revertsTo, entries: [...pending.revertsTo.entries] },
    yourAddress: ctx.origin.address,
    recentCallers: callers.map((caller) => ({
      ...toKeyCaller(caller),
      isCovered: matchRules(compiled, caller.address) !== -1,
    })),
    warnings: warningsOf(current),
    narrower: await narrowerLists(db, owner, now),
    heldOffUntil: (await heldOffUntil(db, owner, now))?.toISOString() ?? null,
  };
}

async function heldOffUntil(
  db: Db,
  { level, ownerId }: RulesOwner,
  now: Date,
): Promise<Date | null> {
  const wanted = {
    app: { appIds: [ownerId] },
    "service-account": { accountIds: [ownerId] },
    key: { keyIds: [ownerId] },
  }[level];
  const untilMs = (await loadRules(db, wanted)).get(level, ownerId)?.heldOffUntilMs ?? 0;
  return untilMs > now.getTime() ? new Date(untilMs) : null;
}
