import type { UndoneChange } from "../../contract/identity/addresses.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { findLink } from "../mail-links/mail-links.ts";
import { dropPassword } from "../passwords/drop-password.ts";
import { closeReset, findOpenReset } from "../recovery/reset-queries.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { holderAt, mailTo, onceEach } from "./address-mails.ts";
import {
  deleteBackup,
  endLaterChanges,
  endWaiting,
  findChange,
  insertReport,
  isTaken,
  markUndone,
  replaceSignInAddress,
  type FoundChange,
} from "./address-queries.ts";
import { UNDO_DAYS } from "./ask-address.ts";

/**
 * "It was not me", by the mail to the address of before: the change of the sign-in address is stopped, or taken
 * back, with whatever was changed of the addresses since. Every session ends, the password is nobody's any more
 * and has to be chosen anew by mail, and the operator finds a report. Factors stay: whoever reads an old mailbox
 * gets no further than to a new password (T1).
 *
 * @throws {ProblemError} `dead-link` when it was used, replaced or has ended.
 */
export async function undoChange(ctx: Context, token: string): Promise<UndoneChange> {
  const id = await findLink(ctx.db, { token, purpose: "undo-address", now: ctx.now() });
  const found = id === undefined ? undefined : await findChange(ctx.db, id);
  if (id === undefined || found === undefined) throw new ProblemError("dead-link");
  const { accountId } = found;
  ctx.notes.targets = [accountTarget(accountId)];
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    const now = ctx.now();
    await lockFactors(tx, accountId);
    // Read again: it may have been made since.
    const asked = await findChange(tx, id);
    if (asked === undefined || !(await markUndone(tx, { id, now })))
      throw new ProblemError("dead-link");
    const recipients = [...(await recipientsOf(tx, accountId)), ...(await oldMailbox(tx, asked))];
    const outcome = await putBack(tx, ctx, asked);
    const reset = await findOpenReset(tx, { accountId, now });
    if (reset !== undefined) await closeReset(tx, { id: reset.id, how: "cancelled", now });
    const endedSessions = await endSessions(tx, { accountId, reason: "not-me", now });
    await dropPassword(tx, ctx, accountId);
    const reportId = uuidv7(now.getTime());
    await insertReport(tx, { id: reportId, accountId, kind: "address-change", now });
    await mailTo(tx, ctx, onceEach(recipients), {
      kind: "sign-in-address-undone",
      values: {},
      lines: [outcome, "password"],
    });
    await record(tx, ctx, {
      action: "account.address-change-undone",
      targets: [accountTarget(accountId), { type: "report", id: reportId }],
      reason: "not-me",
      change: { after: { address: outcome, endedSessions } },
    });
    return { outcome };
  });
}

async function oldMailbox(tx: Tx, { accountId, oldEmail }: FoundChange) {
  return oldEmail === null ? [] : [await holderAt(tx, accountId, oldEmail)];
}

/** Takes back the address, what was asked after it, and a second mailbox that came in the days before. */
async function putBack(
  tx: Tx,
  ctx: Context,
  { accountId, askedAt, oldEmail, oldEmailKey }: FoundChange,
): Promise<UndoneChange["outcome"]> {
  const now = ctx.now();
  await endWaiting(tx, { accountId, now });
  await endLaterChanges(tx, { accountId, since: askedAt, now });
  await deleteBackup(tx, accountId, new Date(askedAt.getTime() - UNDO_DAYS * 86_400_000));
  if (oldEmail === null || oldEmailKey === null) return "stopped";
  if (await isTaken(tx, { emailKey: oldEmailKey, exceptFor: accountId })) return "taken";
  await replaceSignInAddress(tx, accountId, { email: oldEmail, emailKey: oldEmailKey });
  return "put-back";
}
