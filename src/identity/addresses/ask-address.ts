import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { queueMail } from "../../platform/mail/queue-mail.ts";
import { invalidField } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget, findPerson } from "../accounts/account-queries.ts";
import { parseEmail, requireEmail, type EmailAddress } from "../accounts/email-address.ts";
import { recipientsOf } from "../accounts/tell.ts";
import { makeLink } from "../mail-links/mail-links.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { requireAllowances } from "../throttling/allowance.ts";
import { ADDRESS_ALLOWANCE, MAIL_CAP } from "../throttling/limits.ts";
import { takeInWindow } from "../throttling/window.ts";
import {
  addressInUseMail,
  confirmNewAddressMail,
  holderAt,
  mailWithUndo,
} from "./address-mails.ts";
import {
  endWaiting,
  findBackup,
  insertChange,
  isKept,
  isTaken,
  type AddressKind,
} from "./address-queries.ts";

/** How long the link to a new address works. */
const CONFIRM_HOURS = 24;
/** How long a change can be taken back by the mail to the address of before: a holiday's length, nearly. */
export const UNDO_DAYS = 7;

/**
 * Asks for another sign-in address, or for a second mailbox. Nothing changes until the link that is mailed to it
 * was used; a newer one replaces what waits. Nothing in the answer tells whether the address has an account: its
 * mailbox alone learns that (T28).
 *
 * @throws {ProblemError} `step-up-required`; `invalid-request` at /email; `too-many-requests`.
 */
export async function askAddress(
  ctx: Context,
  { kind, email }: { kind: AddressKind; email: string },
): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  const address = requireEmail(email);
  await requireAllowances(ctx, [{ allowance: ADDRESS_ALLOWANCE, subject: accountId }]);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    await requireOther(tx, { accountId, kind, address });
    const now = ctx.now();
    await endWaiting(tx, { accountId, kind, now });
    const id = uuidv7(now.getTime());
    const endsAt = new Date(now.getTime() + CONFIRM_HOURS * 3_600_000);
    await insertChange(tx, { ...address, id, accountId, kind, now, endsAt });
    await mailNewAddress(tx, ctx, { id, accountId, kind, address, endsAt });
    if (kind === "sign-in")
      await mailWithUndo(tx, ctx, await recipientsOf(tx, accountId), {
        kind: "sign-in-address-asked",
        changeId: id,
        // A change that is made on its last day can be taken back by the first mail, too.
        undoEndsAt: new Date(endsAt.getTime() + UNDO_DAYS * 86_400_000),
      });
    await record(tx, ctx, {
      action: "account.address-asked",
      targets: [accountTarget(accountId)],
      change: { after: { address: kind } },
    });
  });
}

/** @throws {ProblemError} `invalid-request` at /email for what is the account's already. */
async function requireOther(
  tx: Tx,
  asked: { accountId: string; kind: AddressKind; address: EmailAddress },
): Promise<void> {
  const { emailKey } = asked.address;
  const { email } = await findPerson(tx, asked.accountId);
  const backup = await findBackup(tx, asked.accountId);
  const isSignIn = parseEmail(email)?.emailKey === emailKey;
  if (isSignIn || (asked.kind === "backup" && backup?.emailKey === emailKey))
    throw invalidField("/email", { code: "address-yours-already" });
}

type Asked = {
  id: string;
  accountId: string;
  kind: AddressKind;
  address: EmailAddress;
  endsAt: Date;
};

/** Of any mailbox no more than strangers may send to it: whoever is signed in is one to it. */
async function mailNewAddress(tx: Tx, ctx: Context, asked: Asked): Promise<void> {
  const { id, accountId, kind, address, endsAt } = asked;
  if (!(await takeInWindow(tx, ctx, MAIL_CAP, address.emailKey))) return;
  const { emailKey } = address;
  const [isOthers, isHeld] = [
    await isTaken(tx, { emailKey, exceptFor: accountId }),
    await isKept(tx, { emailKey, exceptFor: accountId, now: ctx.now() }),
  ];
  const token = await makeLink(tx, { purpose: "confirm-address", subjectId: id, endsAt });
  const isInUse = kind === "sign-in" && (isOthers || isHeld);
  const mail = isInUse
    ? addressInUseMail()
    : confirmNewAddressMail(kind, { token, hours: CONFIRM_HOURS });
  const { language, timeZone } = await holderAt(tx, accountId, address.email);
  await queueMail(tx, ctx, { to: address.email, name: "", language, timeZone }, mail);
}
