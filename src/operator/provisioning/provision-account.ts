import { randomBytes } from "node:crypto";
import type { ProvisionAccount } from "../../contract/operator/provisioning.ts";
import type { Context } from "../../context.ts";
import { accountTarget, insertPerson } from "../../identity/accounts/account-queries.ts";
import { requireEmail, type EmailAddress } from "../../identity/accounts/email-address.ts";
import { readerOf, type ReaderChoice } from "../../identity/accounts/reader.ts";
import { insertSignUp } from "../../identity/accounts/sign-up-queries.ts";
import { hashToken, newToken } from "../../platform/crypto/tokens.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import { invalidField, ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { changeWithKey } from "../keys/change-with-key.ts";
import { askForConsent, spendConsent } from "./ask-for-consent.ts";
import { accountMadeMail } from "./provision-mails.ts";
import {
  lockExternalId,
  lockPerson,
  markUnproven,
  renameSignUps,
  tieAccount,
  type Holder,
} from "./provision-queries.ts";

/** How long the link to set a password is good; after that an ordinary sign-up does the same, hours. */
const LINK_VALID_HOURS = 7 * 24;

export type Provisioned = { id: string; isNew: boolean };

type Wanted = EmailAddress & {
  displayName: string;
  externalId: string;
  /** Of an account that is made now; later they are its holder's own affair. */
  reader: ReaderChoice;
};

/**
 * Makes or changes the person with the product's externalId. One made here has no password: a mail with a
 * link lets its holder set one, which proves the address; until then the account does nothing. An
 * account that exists is tied only after its holder consented.
 *
 * @throws {ProblemError} `forbidden`, `invalid-request` at /email, `external-id-taken`; `address-in-use`,
 *   which is kept: its holder is asked, at most once a day.
 */
export async function provisionAccount(
  ctx: Context,
  externalId: string,
  { email, displayName, ...given }: ProvisionAccount,
): Promise<Provisioned> {
  const wanted = {
    ...requireEmail(email),
    displayName: displayName.trim(),
    externalId,
    reader: readerOf(given, undefined),
  };
  const outcome = await changeWithKey(ctx, "provision", async (tx, keyId) => {
    await lockExternalId(tx, "account", externalId);
    const known = await lockPerson(tx, { externalId });
    if (known !== undefined) return await changePerson(tx, ctx, known, wanted);
    const made = await makeUnproven(tx, ctx, wanted);
    return made ?? (await tieOrAsk(tx, ctx, wanted, keyId));
  });
  if (outcome === "address-in-use") throw new ProblemError("address-in-use");
  return outcome;
}

async function changePerson(
  tx: Tx,
  ctx: Context,
  known: Holder,
  wanted: Wanted,
): Promise<Provisioned> {
  const { id, displayName } = known;
  ctx.notes.targets = [accountTarget(id)];
  if (known.emailKey !== wanted.emailKey) {
    const holder = await lockPerson(tx, { emailKey: wanted.emailKey });
    if (holder !== undefined) throw new ProblemError("external-id-taken");
    throw invalidField("/email", { code: "address-of-holder" });
  }
  const isSame = displayName === wanted.displayName;
  if (!isSame) {
    await tieAccount(tx, { ...wanted, accountId: id });
    if (!known.isProven) await renameSignUps(tx, wanted);
  }
  await record(tx, ctx, {
    action: "account.provisioned",
    targets: [accountTarget(id)],
    change: isSame
      ? undefined
      : { before: { displayName }, after: { displayName: wanted.displayName } },
  });
  return { id, isNew: false };
}

/** Null when the address has an account, also one that was made at the same time. */
async function makeUnproven(tx: Tx, ctx: Context, wanted: Wanted): Promise<Provisioned | null> {
  const now = ctx.now();
  const id = uuidv7(now.getTime());
  if (!(await insertPerson(tx, { ...wanted, id, passwordHash: null, now }))) return null;
  await markUnproven(tx, { accountId: id, externalId: wanted.externalId });
  await ctx.ports.accountMade(tx, ctx, { accountId: id, displayName: wanted.displayName });
  await mailLink(tx, ctx, wanted);
  const { email, displayName, externalId } = wanted;
  await record(tx, ctx, {
    action: "account.provisioned",
    targets: [accountTarget(id)],
    change: { after: { email, displayName, externalId } },
  });
  return { id, isNew: true };
}

/** A sign-up that no browser began: whoever opens its link proves the address and must choose the password. */
async function mailLink(tx: Tx, ctx: Context, { email, emailKey, displayName, reader }: Wanted) {
  const token = newToken();
  const now = ctx.now();
  await insertSignUp(tx, {
    id: uuidv7(now.getTime()),
    email,
    emailKey,
    displayName,
    reader,
    // No password hashes to this, and no cookie to those bytes.
    passwordHash: "none",
    browserHash: randomBytes(32),
    tokenHash: hashToken(token),
    now,
    endsAt: new Date(now.getTime() + LINK_VALID_HOURS * 3_600_000),
  });
  const mail = accountMadeMail(token, LINK_VALID_HOURS / 24);
  await queueMail(tx, ctx, { to: email, name: "", ...reader }, mail);
}

async function tieOrAsk(
  tx: Tx,
  ctx: Context,
  wanted: Wanted,
  keyId: string,
): Promise<Provisioned | "address-in-use"> {
  const holder = await lockPerson(tx, { emailKey: wanted.emailKey });
  if (holder === undefined) throw new Error("accounts are not deleted: the address was taken");
  const targets = [accountTarget(holder.id)];
  const { externalId, displayName } = wanted;
  const consent = { accountId: holder.id, externalId, now: ctx.now() };
  if (holder.externalId === null && (await spendConsent(tx, consent))) {
    await tieAccount(tx, { ...wanted, accountId: holder.id });
    await record(tx, ctx, {
      action: "account.provisioned",
      targets,
      change: {
        before: { displayName: holder.displayName },
        after: { displayName, externalId },
      },
    });
    return { id: holder.id, isNew: false };
  }
  await askForConsent(tx, ctx, { holder, externalId, keyId });
  await record(tx, ctx, {
    action: "account.provisioned",
    outcome: "refused",
    reason: "address-in-use",
    targets,
  });
  return "address-in-use";
}
