import type { PasswordChangeRequest } from "../../contract/identity/passwords.ts";
import type { Failure } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { choosePassword } from "../accounts/choose-password.ts";
import { renewSecret, sessionOf, type OpenedSession } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { orBusy } from "../throttling/or-busy.ts";
import type { PasswordGuard } from "../throttling/password-guard.ts";
import { normalisePassword } from "./normalise-password.ts";
import { mailPasswordChanged } from "./password-mails.ts";
import { findPassword, replacePassword, type StoredPassword } from "./password-queries.ts";
import { failureAt } from "../../failures.ts";

/**
 * Gives the caller's account another password. Every other session ends, half-open ones too, and this
 * one goes on under a new secret: whoever has a copy of its cookie is out. The current password is asked
 * for besides the fresh factor, so that an unlocked laptop is not enough; its wrong tries count with
 * those of sign-in. Of any number at once one succeeds.
 *
 * @throws {ProblemError} `step-up-required`; `invalid-request` with every failure at /currentPassword
 *   and /newPassword; `too-many-requests`; `conflict` when the password was changed meanwhile.
 */
export async function changePassword(
  ctx: Context,
  guard: PasswordGuard,
  wanted: PasswordChangeRequest,
): Promise<OpenedSession> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  const stored = await findPassword(ctx.db, accountId);
  const passwordHash = await judge(ctx, guard, stored, wanted);
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    if (!(await replacePassword(tx, { accountId, from: stored, passwordHash, now: ctx.now() })))
      throw new ProblemError("conflict", { detail: { code: "password-changed-meanwhile" } });
    return await endOthers(tx, ctx);
  });
}

async function endOthers(tx: Tx, ctx: Context): Promise<OpenedSession> {
  const { accountId, sessionId } = sessionOf(ctx);
  const reason = "password-changed";
  const now = ctx.now();
  const endedSessions = await endSessions(tx, {
    accountId,
    exceptSessionId: sessionId,
    reason,
    now,
  });
  const session = await renewSecret(tx, ctx);
  await mailPasswordChanged(tx, ctx, accountId);
  await record(tx, ctx, {
    action: "account.password-changed",
    targets: [accountTarget(accountId)],
    change: { after: { endedSessions } },
  });
  return session;
}

/** Judges both fields, so that the person mends them in one go. @returns the new hash. */
async function judge(
  ctx: Context,
  guard: PasswordGuard,
  stored: StoredPassword,
  { currentPassword, newPassword }: PasswordChangeRequest,
): Promise<string> {
  const failures: Failure[] = [];
  const isHeld = stored.passwordHash !== null;
  if (isHeld && !(await isCurrent(ctx, guard, stored, currentPassword)))
    failures.push(failureAt("/currentPassword", { code: "password-not-current" }));
  else if (isHeld && normalisePassword(currentPassword ?? "") === normalisePassword(newPassword))
    failures.push(failureAt("/newPassword", { code: "password-same" }));
  const hash = await choosePassword(ctx, newPassword, stored, "/newPassword").catch(
    (error: unknown) => {
      if (!(error instanceof ProblemError) || error.code !== "invalid-request") throw error;
      failures.push(...(error.errors ?? []));
      return "";
    },
  );
  if (failures.length > 0) throw new ProblemError("invalid-request", { errors: failures });
  return hash;
}

/** A try like one of sign-in: slowed down after some wrong ones. */
async function isCurrent(
  ctx: Context,
  guard: PasswordGuard,
  { emailKey, passwordHash }: StoredPassword,
  typed: string | undefined,
): Promise<boolean> {
  if (typed === undefined || typed === "") return false;
  const right = await guard.attempt(ctx, emailKey, async () =>
    (await orBusy(ctx.passwords.verify(passwordHash, typed))) ? true : null,
  );
  return right ?? false;
}
