import type { Context } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { countWrongCodeInSession, endSessions } from "../sessions/session-queries.ts";
import { mailFactorPaused } from "./factor-mails.ts";

/** Wrong codes after one right password: then the password must be given again. */
const MAX_WRONG_PER_ATTEMPT = 5;
/** Wrong codes of an account in an hour, whichever factor, session or route they came by (T6). */
const MAX_WRONG_PER_HOUR = 10;
const HOUR_MS = 3_600_000;
const PAUSE_MS = 15 * 60_000;

/** An account's count of wrong codes, read under its lock. */
export type FactorThrottle = { wrongAt: readonly Date[]; pausedUntil: Date | null };

/**
 * Locks the account's second factors until the transaction ends: codes, enrolment and loss happen
 * one after the other, so that nothing read from here on is changed by another.
 */
export async function lockFactors(tx: Tx, accountId: string): Promise<FactorThrottle> {
  await tx
    .insertInto("factor_throttle")
    .values({ account_id: accountId })
    .onConflict((conflict) => conflict.column("account_id").doNothing())
    .execute();
  const row = await tx
    .selectFrom("factor_throttle")
    .select(["wrong_at", "paused_until"])
    .where("account_id", "=", accountId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { wrongAt: row.wrong_at, pausedUntil: row.paused_until };
}

/** No code is judged during a pause, right or wrong. @throws {ProblemError} `factor-paused` with Retry-After. */
export function requireUnpaused(ctx: Context, { pausedUntil }: FactorThrottle): void {
  const leftMs = pausedUntil === null ? 0 : pausedUntil.getTime() - ctx.now().getTime();
  if (leftMs > 0)
    throw new ProblemError("factor-paused", { retryAfterSeconds: Math.ceil(leftMs / 1000) });
}

/**
 * Counts a wrong code, for the attempt and for the account. At the cap the factor pauses: the owner
 * is told, and whatever sign-ins are under way end, so that none of them goes on after it (T7). A
 * right code does not clear the count: it would hand new tries to whoever else is guessing.
 */
export async function countWrongCode(
  tx: Tx,
  ctx: Context,
  { wrongAt }: FactorThrottle,
): Promise<void> {
  const { accountId, sessionId } = sessionOf(ctx);
  const now = ctx.now();
  const recent = [...wrongAt.filter((at) => now.getTime() - at.getTime() < HOUR_MS), now];
  const isPausing = recent.length >= MAX_WRONG_PER_HOUR;
  await tx
    .updateTable("factor_throttle")
    .set({
      wrong_at: recent,
      paused_until: isPausing ? new Date(now.getTime() + PAUSE_MS) : null,
    })
    .where("account_id", "=", accountId)
    .execute();
  await countWrongCodeInSession(tx, { sessionId, max: MAX_WRONG_PER_ATTEMPT, now });
  if (!isPausing) return;
  await endSessions(tx, { accountId, isHalfOpen: true, reason: "wrong-codes", now });
  await mailFactorPaused(tx, ctx, accountId, PAUSE_MS / 60_000);
}

/** Until when the account's codes are not judged; null when they are. */
export async function readPause(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<Date | null> {
  const row = await db
    .selectFrom("factor_throttle")
    .select("paused_until")
    .where("account_id", "=", accountId)
    .where("paused_until", ">", now)
    .executeTakeFirst();
  return row?.paused_until ?? null;
}
