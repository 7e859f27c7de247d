import type { RecoveryWait } from "../../contract/identity/recovery.ts";
import type { Context } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { mailLinkToHolder } from "../mail-links/mail-link-to-holder.ts";
import { findLink, spendLink } from "../mail-links/mail-links.ts";
import { requireAllowances } from "../throttling/allowance.ts";
import { RECOVERY_ALLOWANCE } from "../throttling/limits.ts";
import { openReset } from "./open-reset.ts";

/** How long a link that begins a recovery works. */
const LINK_MINUTES = 60;

/**
 * For who has lost every second factor: mails a link that begins the wait to every address of the account that
 * signs in with this one. The answer is the same for every address, known or not (T28).
 *
 * @throws {ProblemError} `invalid-request` at /email; `too-many-requests`.
 */
export async function askRecovery(
  ctx: Context,
  email: string,
  acceptLanguage: string | undefined,
): Promise<void> {
  const endsAt = new Date(ctx.now().getTime() + LINK_MINUTES * 60_000);
  await mailLinkToHolder(ctx, {
    email,
    acceptLanguage,
    action: "recovery.asked",
    link: { purpose: "begin-recovery", endsAt },
    mail: {
      kind: "begin-recovery",
      values: { minutes: LINK_MINUTES, hours: ctx.config.recoveryWaitHours },
      lines: ["what", "wait", "link"],
    },
    subjectOf: (_tx, accountId) => Promise.resolve(accountId ?? uuidv7(ctx.now().getTime())),
  });
}

/**
 * The mail's link: the wait begins, and every address is told at once.
 *
 * @throws {ProblemError} `dead-link`; `conflict` when one waits already, which spends nothing; `too-many-requests`.
 */
export async function beginRecovery(ctx: Context, token: string): Promise<RecoveryWait> {
  const link = { token, purpose: "begin-recovery" } as const;
  const accountId = await findLink(ctx.db, { ...link, now: ctx.now() });
  if (accountId === undefined) throw new ProblemError("dead-link");
  ctx.notes.targets = [accountTarget(accountId)];
  await requireAllowances(ctx, [{ allowance: RECOVERY_ALLOWANCE, subject: accountId }]);
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    if ((await spendLink(tx, { ...link, now: ctx.now() })) === undefined)
      throw new ProblemError("dead-link");
    const { id, readyAt, endsAt } = await openReset(tx, ctx, { accountId, by: null });
    await record(tx, ctx, {
      action: "recovery.begun",
      targets: [accountTarget(accountId), { type: "factor-reset", id }],
      change: { after: { readyAt, endsAt } },
    });
    return { readyAt, endsAt };
  });
}
