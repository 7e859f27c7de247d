import { timingSafeEqual } from "node:crypto";
import type { VerifyRequest } from "../../contract/identity/accounts.ts";
import type { Context } from "../../context.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { actingAs, openSession, type OpenedSession } from "../sessions/open-session.ts";
import { accountTarget, findCredentials } from "./account-queries.ts";
import { choosePassword } from "./choose-password.ts";
import { makePerson } from "./make-person.ts";
import { storedReader } from "./recipients.ts";
import { findSignUp, spendSignUp, type WaitingSignUp } from "./sign-up-queries.ts";

export type VerifiedSignUp = {
  account: { id: string; email: string; displayName: string };
  session: OpenedSession;
};

/**
 * The mail's link was opened: the address is proven and becomes an account, signed in as far as
 * enrolment. In the browser that signed up the password typed there holds; any other must bring a
 * new one, so that a stranger cannot plant a password on somebody's address. The link works once.
 *
 * An account that the operator's product made for the address becomes its holder's in the same way,
 * whether its mail's link was opened or one of an ordinary sign-up.
 *
 * @throws {ProblemError} `dead-link` when it was spent, has ended, or the address got an account
 *   meanwhile; `invalid-request` at /password, which spends nothing; `forbidden` where sign-up is by
 *   invitation now.
 */
export async function verifySignUp(
  ctx: Context,
  { token, password }: VerifyRequest,
  browserToken: string | undefined,
): Promise<VerifiedSignUp> {
  const tokenHash = hashToken(token);
  const waiting = await findSignUp(ctx.db, { tokenHash, now: ctx.now() });
  await requireMayVerify(ctx, waiting);
  if (waiting === undefined) throw new ProblemError("dead-link");
  const passwordHash = await passwordOf(ctx, waiting, { password, browserToken });
  return await change(ctx, {}, async (tx) => {
    const spent = await spendSignUp(tx, { tokenHash, now: ctx.now() });
    if (spent === undefined) throw new ProblemError("dead-link");
    const { email, email_key: emailKey, display_name: displayName } = spent;
    const made = await makePerson(tx, ctx, {
      email,
      emailKey,
      displayName,
      passwordHash,
      reader: storedReader(spent),
    });
    if (made === null) throw new ProblemError("dead-link");
    const session = await openSession(tx, ctx, made.accountId, "needs-enrolment");
    await record(tx, actingAs(ctx, session), {
      action: "account.verified",
      targets: [accountTarget(made.accountId)],
    });
    return { account: { id: made.accountId, email, displayName }, session };
  });
}

/** Where sign-up is by invitation, the operator's product has still invited those it made accounts for. */
async function requireMayVerify(ctx: Context, waiting: WaitingSignUp | undefined): Promise<void> {
  if (ctx.config.signUp !== "invited") return;
  const holder = waiting && (await findCredentials(ctx.db, waiting.email_key));
  if (holder?.is_proven !== false) throw new ProblemError("forbidden");
}

async function passwordOf(
  ctx: Context,
  { email, display_name: displayName, ...waiting }: WaitingSignUp,
  given: { password: string | undefined; browserToken: string | undefined },
): Promise<string> {
  if (given.password !== undefined)
    return await choosePassword(ctx, given.password, { email, displayName });
  const isSameBrowser =
    given.browserToken !== undefined &&
    timingSafeEqual(hashToken(given.browserToken), waiting.browser_hash);
  if (isSameBrowser) return waiting.password_hash;
  throw invalidField("/password", { code: "password-wanted-here" });
}
