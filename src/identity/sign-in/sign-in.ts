import type { SignInRequest } from "../../contract/identity/sessions.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import {
  accountTarget,
  findCredentials,
  lockForSignIn,
  replaceHash,
  type Credentials,
} from "../accounts/account-queries.ts";
import { requireEmail } from "../accounts/email-address.ts";
import { findOpenReset, isReady } from "../recovery/reset-queries.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { actingAs, openSession, type OpenedSession } from "../sessions/open-session.ts";
import { orBusy } from "../throttling/or-busy.ts";
import type { PasswordGuard, Turn } from "../throttling/password-guard.ts";
import { refuseTry } from "./refuse-try.ts";

/**
 * Checks a password and opens a half-open session. Unknown address, wrong password, account without
 * a password and disabled account answer alike, after the same work. A failed try at a known account
 * names it on record, so that its owner sees it.
 *
 * @throws {ProblemError} `wrong-credentials`; `too-many-requests`.
 */
export async function signIn(
  ctx: Context,
  guard: PasswordGuard,
  { email, password }: SignInRequest,
): Promise<OpenedSession> {
  const { emailKey } = requireEmail(email);
  const account = await guard.attempt(ctx, emailKey, (turn) =>
    check(ctx, { emailKey, password, turn }),
  );
  if (account === null) return await refuseTry(ctx, "session.signed-in", "wrong-credentials");
  const rehashed = ctx.passwords.needsRehash(account.password_hash)
    ? await orBusy(ctx.passwords.hash(password))
    : null;
  return await change(ctx, {}, async (tx) => {
    const { level, resetId } = await lockUnchanged(tx, ctx, account, rehashed !== null);
    if (rehashed !== null)
      await replaceHash(tx, { accountId: account.id, from: account.password_hash, to: rehashed });
    const session = await openSession(tx, ctx, account.id, level);
    await record(tx, actingAs(ctx, session), {
      action: "session.signed-in",
      targets: [accountTarget(account.id)],
      change: { after: { level, ...(resetId !== null && { factorReset: resetId }) } },
    });
    return session;
  });
}

type Checked = Credentials & { password_hash: string };

async function check(
  ctx: Context,
  { emailKey, password, turn }: { emailKey: string; password: string; turn: Turn },
): Promise<Checked | null> {
  const account = await findCredentials(ctx.db, emailKey);
  if (account !== undefined) ctx.notes.targets = [accountTarget(account.id)];
  const passwordHash = account?.password_hash ?? null;
  const isRight = await orBusy(ctx.passwords.verify(passwordHash, password, turn));
  if (!isRight || account === undefined || passwordHash === null) return null;
  return account.disabled_at === null ? { ...account, password_hash: passwordHash } : null;
}

/**
 * While the password was checked the account may have been disabled, given another password, or
 * enrolled. Where it seems not to have enrolled, or a reset of its factors is ready, that is asked again under
 * the lock of its factors: a confirmation or a stop under way ends the half-open sessions it sees, and would not
 * see ours.
 *
 * @returns how far the password leads, and by which reset.
 */
async function lockUnchanged(
  tx: Tx,
  ctx: Context,
  checked: Checked,
  willChange: boolean,
): Promise<{ level: "needs-enrolment" | "needs-second-factor"; resetId: string | null }> {
  const wanted = { accountId: checked.id, willChange };
  const resetId = await lockReadyReset(tx, ctx, checked.id);
  let account = await lockForSignIn(tx, wanted);
  if (!account.has_enrolled) {
    await lockFactors(tx, checked.id);
    account = await lockForSignIn(tx, wanted);
  }
  const isSamePassword =
    account.password_changed_at?.getTime() === checked.password_changed_at?.getTime();
  if (account.disabled_at !== null || !isSamePassword) throw new ProblemError("wrong-credentials");
  const leadsOn = !account.has_enrolled || resetId !== null;
  return { level: leadsOn ? "needs-enrolment" : "needs-second-factor", resetId };
}

/** The reset of the account's factors whose wait is over, held so until the transaction ends. */
async function lockReadyReset(tx: Tx, ctx: Context, accountId: string): Promise<string | null> {
  const wanted = { accountId, now: ctx.now() };
  const seen = await findOpenReset(tx, wanted);
  if (seen === undefined || !isReady(seen, wanted.now)) return null;
  await lockFactors(tx, accountId);
  const reset = await findOpenReset(tx, wanted);
  return reset !== undefined && isReady(reset, wanted.now) ? reset.id : null;
}
