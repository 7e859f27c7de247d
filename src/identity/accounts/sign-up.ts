import type { SignUpRequest } from "../../contract/identity/accounts.ts";
import type { Context } from "../../context.ts";
import { networkOf } from "../../platform/client-address/parse-address.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { requireAllowances } from "../throttling/allowance.ts";
import { MAIL_CAP, SIGN_UP_ALLOWANCE } from "../throttling/limits.ts";
import { takeInWindow } from "../throttling/window.ts";
import { isKept } from "../addresses/address-queries.ts";
import { accountTarget, findCredentials } from "./account-queries.ts";
import { choosePassword } from "./choose-password.ts";
import { requireEmail, type EmailAddress } from "./email-address.ts";
import { readerOf, type ReaderChoice } from "./reader.ts";
import { recipientAt } from "./recipients.ts";
import { alreadyHaveAccountMail, confirmAddressMail } from "./sign-up-mails.ts";
import { insertSignUp } from "./sign-up-queries.ts";

/** How long the mail's link, and the cookie of the browser that signed up, are good for. */
export const SIGN_UP_VALID_HOURS = 24;

/**
 * Takes a sign-up: a mail to the address says how it goes on. Nothing in answer, time or traces tells
 * whether the address has an account: password judged and hashed, a row written and a mail queued
 * either way. The row of a known address is inert: its token is never sent.
 *
 * @returns the secret that binds this browser to its sign-up.
 * @throws {ProblemError} `forbidden` where sign-up is by invitation; `invalid-request` naming the
 *   field; `too-many-requests`.
 */
export async function signUp(
  ctx: Context,
  { email, password, displayName, ...given }: SignUpRequest,
  acceptLanguage: string | undefined,
): Promise<{ browserToken: string }> {
  if (ctx.config.signUp === "invited") throw new ProblemError("forbidden");
  const address = requireEmail(email);
  const reader = readerOf(given, acceptLanguage);
  const person = { ...address, displayName: displayName.trim() };
  const passwordHash = await choosePassword(ctx, password, person);
  await requireAllowances(ctx, [
    { allowance: SIGN_UP_ALLOWANCE, subject: networkOf(ctx.origin.address) },
  ]);
  const browserToken = newToken();
  await change(ctx, {}, async (tx) => {
    const holder = await findCredentials(tx, address.emailKey);
    const isHeld = await isKept(tx, { emailKey: address.emailKey, now: ctx.now() });
    if (await takeInWindow(tx, ctx, MAIL_CAP, address.emailKey))
      await storeAndMail(tx, ctx, {
        ...person,
        reader,
        passwordHash,
        browserToken,
        isKnown: (holder?.is_proven ?? false) || isHeld,
      });
    await record(tx, ctx, {
      action: "account.signed-up",
      targets: holder === undefined ? [] : [accountTarget(holder.id)],
    });
  });
  return { browserToken };
}

type Accepted = EmailAddress & {
  displayName: string;
  reader: ReaderChoice;
  passwordHash: string;
  browserToken: string;
  isKnown: boolean;
};

async function storeAndMail(
  tx: Tx,
  ctx: Context,
  { isKnown, browserToken, ...person }: Accepted,
): Promise<void> {
  const token = newToken();
  const now = ctx.now();
  await insertSignUp(tx, {
    ...person,
    id: uuidv7(now.getTime()),
    tokenHash: hashToken(token),
    browserHash: hashToken(browserToken),
    now,
    endsAt: new Date(now.getTime() + SIGN_UP_VALID_HOURS * 3_600_000),
  });
  const mail = isKnown ? alreadyHaveAccountMail() : confirmAddressMail(token, SIGN_UP_VALID_HOURS);
  // Asked for either way: whoever measures must not learn whether there is an account.
  const holder = await recipientAt(tx, person.emailKey);
  const { language, timeZone } = (isKnown ? holder : undefined) ?? person.reader;
  await queueMail(tx, ctx, { to: person.email, name: "", language, timeZone }, mail);
}
