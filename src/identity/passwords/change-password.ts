import type { PasswordChangeRequest } from "../../contract/identity/passwords.ts";
import type { Failure } from "../../contract/problems.ts";
import type { StrictestRules } from "../../contract/identity/strictest-rules.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { choosePassword } from "../accounts/choose-password.ts";
import { spendTotp, tryCode } from "../second-factors/try-code.ts";
import { renewSecret, sessionOf, type OpenedSession } from "../sessions/open-session.ts";
import { isSteppedUp, requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { orBusy } from "../throttling/or-busy.ts";
import type { PasswordGuard } from "../throttling/password-guard.ts";
import { asksOf, characterRulesOf, ownRules } from "./effective-policy.ts";
import { normalisePassword } from "./normalise-password.ts";
import { mailPasswordChanged } from "./password-mails.ts";
import { findPassword, replacePassword, type StoredPassword } from "./password-queries.ts";
import { endResets } from "./reset-queries.ts";
import { retirePassword, wasUsedWithin } from "./retired-passwords.ts";
import { failureAt } from "../../failures.ts";

/**
 * Gives the caller's account another password. Every other session ends, half-open ones too, and this
 * one goes on under a new secret: whoever has a copy of its cookie is out. The current password is asked
 * for besides the fresh factor, so that an unlocked laptop is not enough; its wrong tries count with
 * those of sign-in. Of any number at once one succeeds.
 *
 * A session whose password has ended gives both factors here, where its sign-in did not just do so:
 * nothing else answers it.
 *
 * @throws {ProblemError} `step-up-required`; `invalid-request` with every failure at /currentPassword,
 *   /newPassword and /code; `wrong-code`, counted; `factor-paused`; `too-many-requests`; `conflict` when
 *   the password was changed meanwhile.
 */
export async function changePassword(
  ctx: Context,
  guard: PasswordGuard,
  wanted: PasswordChangeRequest,
): Promise<OpenedSession> {
  const { accountId, level } = sessionOf(ctx);
  if (level === "full") requireStepUp(ctx);
  const stored = await findPassword(ctx.db, accountId);
  const rules = await ownRules(ctx);
  const passwordHash = await judge(ctx, guard, { stored, rules, wanted });
  const work = async (tx: Tx): Promise<OpenedSession> => {
    await replace(tx, ctx, { stored, rules, passwordHash });
    return await endOthers(tx, ctx);
  };
  const locks = { touches: [accountSlot(accountId)] };
  const { code } = wanted;
  if (code !== undefined && !isSteppedUp(ctx))
    return await tryCode(
      ctx,
      "account.password-changed",
      { check: (tx) => spendTotp(tx, ctx, code), onRight: work },
      locks,
    );
  return await change(ctx, locks, async (tx) => {
    await requireStillLive(tx, ctx);
    return await work(tx);
  });
}

async function replace(
  tx: Tx,
  ctx: Context,
  {
    stored,
    rules,
    passwordHash,
  }: { stored: StoredPassword; rules: StrictestRules; passwordHash: string },
): Promise<void> {
  const { accountId } = sessionOf(ctx);
  const at = await replacePassword(tx, { accountId, from: stored, passwordHash, now: ctx.now() });
  if (at === null)
    throw new ProblemError("conflict", { detail: { code: "password-changed-meanwhile" } });
  const { passwordHash: retired, changedAt } = stored;
  if (rules.reuseDays !== null && retired !== null)
    await retirePassword(tx, {
      accountId,
      passwordHash: retired,
      usedSince: changedAt ?? at,
      replacedAt: at,
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
  await endResets(tx, accountId);
  const session = await renewSecret(tx, ctx);
  await mailPasswordChanged(tx, ctx, accountId);
  await record(tx, ctx, {
    action: "account.password-changed",
    targets: [accountTarget(accountId)],
    change: { after: { endedSessions } },
  });
  return session;
}

type Judged = { stored: StoredPassword; rules: StrictestRules; wanted: PasswordChangeRequest };

/** Judges all fields, so that the person mends them in one go. @returns the new hash. */
async function judge(ctx: Context, guard: PasswordGuard, judged: Judged): Promise<string> {
  const { stored, rules, wanted } = judged;
  const failures = await besideFailures(ctx, guard, judged);
  const place = { pointer: "/newPassword", rules: characterRulesOf(rules) };
  const hash = await choosePassword(ctx, wanted.newPassword, stored, place).catch(
    (error: unknown) => {
      if (!(error instanceof ProblemError) || error.code !== "invalid-request") throw error;
      failures.push(...(error.errors ?? []));
      return "";
    },
  );
  if (failures.length === 0) failures.push(...(await usedBefore(ctx, judged)));
  if (failures.length > 0) throw new ProblemError("invalid-request", { errors: failures });
  return hash;
}

async function besideFailures(
  ctx: Context,
  guard: PasswordGuard,
  { stored, rules, wanted }: Judged,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const { currentPassword, code } = wanted;
  const asks = await asksOf(ctx, rules);
  const isHeld = stored.passwordHash !== null;
  const isAsked = asks.includes("current-password") || currentPassword !== undefined;
  if (asks.includes("code") && code === undefined)
    failures.push(failureAt("/code", { code: "missing" }));
  if (isHeld && isAsked && !(await isCurrent(ctx, guard, stored, currentPassword)))
    failures.push(failureAt("/currentPassword", { code: "password-not-current" }));
  // Never beside a factor that is missing: it would tell whoever has the cookie alone what the password is.
  else if (isHeld && failures.length === 0 && (await isSame(ctx, guard, stored, wanted)))
    failures.push(failureAt("/newPassword", { code: "password-same" }));
  return failures;
}

/**
 * With the current password at hand comparing is enough; without it, what is stored tells. Before the factor is
 * proven that answers a guess, so it counts as one: a new password that breaks another rule never comes to the code.
 */
async function isSame(
  ctx: Context,
  guard: PasswordGuard,
  stored: StoredPassword,
  { currentPassword, newPassword }: PasswordChangeRequest,
): Promise<boolean> {
  if (currentPassword !== undefined)
    return normalisePassword(currentPassword) === normalisePassword(newPassword);
  return isSteppedUp(ctx)
    ? await orBusy(ctx.passwords.verify(stored.passwordHash, newPassword))
    : await isCurrent(ctx, guard, stored, newPassword);
}

async function usedBefore(ctx: Context, { rules, wanted }: Judged): Promise<Failure[]> {
  const { accountId } = sessionOf(ctx);
  const days = rules.reuseDays?.value;
  if (days === undefined || !(await wasUsedWithin(ctx, { accountId, days }, wanted.newPassword)))
    return [];
  return [failureAt("/newPassword", { code: "password-used-before", params: { days } })];
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
