import { ruleBounds } from "../../contract/identity/password-rules.ts";
import type { Context } from "../../context.ts";
import type { Db } from "../../platform/db/db.ts";

/** Nobody can ask for a shorter rest. */
const ALWAYS_GOOD_MS = ruleBounds.idleMinutes.min * 60_000;

type Asked = Pick<Context, "config" | "ports" | "now">;

/**
 * How long a session of the account may rest at this moment, minutes: the operator's limit or that of an organisation
 * whose apps reach it, whichever is shorter; null: as long as it lasts.
 */
export async function idleLimit(db: Db, ctx: Asked, accountId: string): Promise<number | null> {
  const account = { accountId, changedAt: null, distrustedAt: null, now: ctx.now() };
  const { idleMinutes } = await ctx.ports.passwordRules(db, account);
  const limits = [ctx.config.sessionIdleMinutes ?? null, idleMinutes?.value ?? null];
  const set = limits.filter((minutes) => minutes !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/**
 * Whether a session has rested for too long, asked each time, so that a rule, a grant and their ends count at once.
 * Mostly its last use is answer enough. That is noted once a minute, so the end comes up to a minute early, never late.
 */
export async function isIdle(
  db: Db,
  ctx: Asked,
  { accountId, last_seen_at: seenAt }: { accountId: string; last_seen_at: Date },
): Promise<boolean> {
  const restedMs = ctx.now().getTime() - seenAt.getTime();
  if (restedMs < ALWAYS_GOOD_MS) return false;
  const minutes = await idleLimit(db, ctx, accountId);
  return minutes !== null && restedMs >= minutes * 60_000;
}
