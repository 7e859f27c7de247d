import type { EndSessionRequest } from "../../contract/identity/sessions.ts";
import type { Context } from "../../context.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { tell } from "../accounts/tell.ts";
import { forgetDevices } from "../devices/device-queries.ts";
import { sessionOf } from "./open-session.ts";
import { requireStepUp } from "./require-step-up.ts";
import { requireStillLive } from "./require-still-live.ts";
import { endSession, endSessions } from "./session-queries.ts";
import { devicePhrase } from "./whence.ts";

/** Ends the caller's own session, whatever its level. @throws {ProblemError} `not-signed-in` when it ended meanwhile. */
export async function signOut(ctx: Context): Promise<void> {
  const { accountId, sessionId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    const ending = { sessionId, accountId, reason: "signed-out" as const, now: ctx.now() };
    if ((await endSession(tx, ending)) === undefined) throw new ProblemError("not-signed-in");
    await record(tx, ctx, { action: "session.signed-out", targets: [target(sessionId)] });
  });
}

/**
 * Ends one of the account's sessions at once: the next request with its cookie is a stranger's.
 *
 * @throws {ProblemError} `step-up-required` for another than the current one; `not-found` when the
 *   account has no such live session.
 */
export async function endOwnSession(
  ctx: Context,
  { sessionId, reason }: { sessionId: string; reason: EndSessionRequest["reason"] },
): Promise<void> {
  const own = sessionOf(ctx);
  const isCurrent = own.sessionId === sessionId;
  if (!isCurrent) requireStepUp(ctx);
  const endReason = reason ?? (isCurrent ? "signed-out" : "not-me");
  await change(ctx, { touches: [accountSlot(own.accountId)] }, async (tx) => {
    const { accountId } = own;
    const ending = { sessionId, accountId, reason: endReason, now: ctx.now() };
    const ended = await endSession(tx, ending);
    if (ended === undefined) throw new ProblemError("not-found");
    if (endReason === "not-me") await forgetDevices(tx, accountId);
    // Whoever sits at the other device, its rightful holder perhaps, learns who ended it.
    if (!isCurrent)
      await tell(tx, ctx, accountId, {
        kind: "session-ended",
        values: { device: devicePhrase(ended.userAgent) },
        lines: ["what"],
      });
    await record(tx, ctx, {
      action: "session.ended",
      reason: endReason,
      targets: [target(sessionId)],
    });
  });
}

/**
 * Ends all sessions of the account but the caller's, and forgets its devices: the next sign-in anywhere is told.
 *
 * @returns how many ended. @throws {ProblemError} `step-up-required`
 */
export async function endOtherSessions(ctx: Context): Promise<number> {
  requireStepUp(ctx);
  const { accountId, sessionId } = sessionOf(ctx);
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const ended = await endSessions(tx, {
      accountId,
      exceptSessionId: sessionId,
      reason: "signed-out",
      now: ctx.now(),
    });
    await forgetDevices(tx, accountId);
    if (ended > 0)
      await tell(tx, ctx, accountId, {
        kind: "sessions-ended",
        values: { count: ended },
        lines: ["what"],
      });
    await record(tx, ctx, {
      action: "session.others-ended",
      targets: [accountTarget(accountId)],
      change: { after: { endedSessions: ended } },
    });
    return ended;
  });
}

const target = (id: string) => ({ type: "session", id });
