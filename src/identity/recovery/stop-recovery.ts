import type { OwnRecovery } from "../../contract/identity/recovery.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { tell } from "../accounts/tell.ts";
import { findLink } from "../mail-links/mail-links.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { closeReset, findOpenReset, findOpenResetById } from "./reset-queries.ts";

/** The reset that waits for the caller's account, if any. */
export const readRecovery = (ctx: Context): Promise<OwnRecovery> =>
  openResetOf(ctx, sessionOf(ctx).accountId);

/** The same for an account that an operator looks at. */
export async function openResetOf(ctx: Context, accountId: string): Promise<OwnRecovery> {
  const reset = await findOpenReset(ctx.db, { accountId, now: ctx.now() });
  if (reset === undefined) return { waiting: null };
  return {
    waiting: {
      askedAt: reset.askedAt.toISOString(),
      askedBy: reset.askedBy === null ? "holder" : "operator",
      readyAt: reset.readyAt.toISOString(),
      endsAt: reset.endsAt.toISOString(),
    },
  };
}

/**
 * Stops a reset from any session of the account: whoever has the second factor needs none. Asks for no fresh one,
 * for it opens nothing.
 *
 * @throws {ProblemError} `not-found` when none waits.
 */
export async function stopOwnRecovery(ctx: Context): Promise<void> {
  const { accountId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    await lockFactors(tx, accountId);
    const reset = await findOpenReset(tx, { accountId, now: ctx.now() });
    if (reset === undefined) throw new ProblemError("not-found");
    await stop(tx, ctx, { ...reset, reason: "by-session" });
  });
}

/** Stops it by a link of the mails that told of it. @throws {ProblemError} `dead-link` */
export async function stopRecoveryByLink(ctx: Context, token: string): Promise<void> {
  const now = ctx.now();
  const id = await findLink(ctx.db, { token, purpose: "stop-recovery", now });
  const found = id === undefined ? undefined : await findOpenResetById(ctx.db, { id, now });
  if (found === undefined) throw new ProblemError("dead-link");
  const { accountId } = found;
  ctx.notes.targets = [accountTarget(accountId)];
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await stop(tx, ctx, { ...found, reason: "by-link" });
  });
}

type Stopping = { id: string; accountId: string; reason: "by-session" | "by-link" };

async function stop(tx: Tx, ctx: Context, { id, accountId, reason }: Stopping): Promise<void> {
  await cancelReset(tx, ctx, { id, accountId });
  await tell(tx, ctx, accountId, { kind: "recovery-stopped", values: {}, lines: ["what"] });
  await record(tx, ctx, {
    action: "recovery.stopped",
    reason,
    targets: [accountTarget(accountId), { type: "factor-reset", id }],
  });
}

/**
 * Cancels a reset under the lock of the account's factors. Half-open sessions end with it: one of them may have
 * come to enrolment by it.
 *
 * @throws {ProblemError} `dead-link` when another did, or it was used.
 */
export async function cancelReset(
  tx: Tx,
  ctx: Context,
  { id, accountId }: { id: string; accountId: string },
): Promise<void> {
  const now = ctx.now();
  if (!(await closeReset(tx, { id, how: "cancelled", now }))) throw new ProblemError("dead-link");
  await endSessions(tx, { accountId, isHalfOpen: true, reason: "not-me", now });
}
