import type { ConfirmedAddress } from "../../contract/identity/addresses.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, findCredentials, findPerson } from "../accounts/account-queries.ts";
import { parseEmail, type EmailAddress } from "../accounts/email-address.ts";
import { deleteSignUps } from "../accounts/sign-up-queries.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { findLink } from "../mail-links/mail-links.ts";
import { holderAt, mailTo, mailWithUndo, onceEach } from "./address-mails.ts";
import { endResets } from "../passwords/reset-queries.ts";
import {
  findBackup,
  findChange,
  isKept,
  markMade,
  putBackup,
  replaceSignInAddress,
  type FoundChange,
} from "./address-queries.ts";
import { UNDO_DAYS } from "./ask-address.ts";

/**
 * The link to a new address was used: from now on it is the account's, and those of before are told. Whoever
 * reads that mailbox and has the link needs no session: asking took a fresh second factor. Signs nobody in.
 *
 * @throws {ProblemError} `dead-link` when it was used, replaced or has ended, or another account has the address by now.
 */
export async function confirmAddress(ctx: Context, token: string): Promise<ConfirmedAddress> {
  const id = await findLink(ctx.db, { token, purpose: "confirm-address", now: ctx.now() });
  const asked = id === undefined ? undefined : await findChange(ctx.db, id);
  if (id === undefined || asked === undefined) throw new ProblemError("dead-link");
  const { accountId, kind, email, emailKey } = asked;
  ctx.notes.targets = [accountTarget(accountId)];
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    const work = kind === "sign-in" ? becomeSignIn : becomeBackup;
    await work(tx, ctx, { ...asked, id, email, emailKey });
    await endResets(tx, accountId);
    await record(tx, ctx, {
      action: "account.address-changed",
      targets: [accountTarget(accountId)],
      change: { after: { address: kind } },
    });
  });
  return { kind, email };
}

type Confirmed = FoundChange & { id: string };

async function becomeSignIn(tx: Tx, ctx: Context, confirmed: Confirmed): Promise<void> {
  const { id, accountId, emailKey } = confirmed;
  const now = ctx.now();
  const before = await recipientsOf(tx, accountId);
  const old = await requireFree(tx, ctx, confirmed);
  const undoEndsAt = new Date(now.getTime() + UNDO_DAYS * 86_400_000);
  if (!(await markMade(tx, { id, old, undoEndsAt, now }))) throw new ProblemError("dead-link");
  await replaceSignInAddress(tx, accountId, confirmed);
  await deleteSignUps(tx, emailKey);
  const others = before.filter(({ to }) => to !== confirmed.email);
  await mailWithUndo(tx, ctx, others, {
    kind: "sign-in-address-changed",
    changeId: id,
    undoEndsAt,
  });
  await mailTo(tx, ctx, [await holderAt(tx, accountId, confirmed.email)], {
    kind: "sign-in-address-new",
    values: {},
    lines: ["what"],
  });
}

/** @returns the address of before. @throws {ProblemError} `dead-link` */
async function requireFree(
  tx: Tx,
  ctx: Context,
  { accountId, emailKey }: Confirmed,
): Promise<EmailAddress> {
  const holder = await findCredentials(tx, emailKey);
  const wanted = { emailKey, exceptFor: accountId, now: ctx.now() };
  if (holder !== undefined || (await isKept(tx, wanted))) throw new ProblemError("dead-link");
  const old = parseEmail((await findPerson(tx, accountId)).email);
  if (old === null) throw new Error("an account's address was read before");
  return old;
}

async function becomeBackup(tx: Tx, ctx: Context, confirmed: Confirmed): Promise<void> {
  const { id, accountId, email, emailKey } = confirmed;
  const now = ctx.now();
  const before = await recipientsOf(tx, accountId);
  const isReplaced = (await findBackup(tx, accountId)) !== undefined;
  if (!(await markMade(tx, { id, old: null, undoEndsAt: now, now })))
    throw new ProblemError("dead-link");
  await putBackup(tx, accountId, { email, emailKey, now });
  await mailTo(tx, ctx, onceEach([...before, ...(await recipientsOf(tx, accountId))]), {
    kind: "backup-address-changed",
    values: {},
    lines: [isReplaced ? "replaced" : "added"],
  });
}
