import type { Context } from "../../context.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { tell } from "../accounts/tell.ts";
import { endSessions } from "../sessions/session-queries.ts";
import { forgetDevices } from "./device-queries.ts";
import { distrustPassword, findNotice, insertReport, spendNotice } from "./notice-queries.ts";

/**
 * A notice's link says that a sign-in was a stranger's: every session of the account ends, its password can only be
 * replaced, no browser is known any more, and the operator has a report. Whoever holds the mail may say so, signed
 * in or not: nothing is opened by it. The link works once.
 *
 * @throws {ProblemError} `dead-link` when it was used, replaced or is too old.
 */
export async function reportStranger(ctx: Context, token: string): Promise<void> {
  const tokenHash = hashToken(token);
  const now = ctx.now();
  const notice = await findNotice(ctx.db, { tokenHash, now });
  if (notice === undefined) throw new ProblemError("dead-link");
  const { accountId } = notice;
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    if (!(await spendNotice(tx, { tokenHash, accountId, now })))
      throw new ProblemError("dead-link");
    await distrustPassword(tx, { accountId, now });
    const endedSessions = await endSessions(tx, { accountId, reason: "not-me", now });
    await forgetDevices(tx, accountId);
    const id = uuidv7(now.getTime());
    await insertReport(tx, { ...notice, id, reportedAt: now, endedSessions });
    await tell(tx, ctx, accountId, {
      kind: "stranger-reported",
      values: { count: endedSessions },
      lines: ["what", "next"],
    });
    await record(tx, ctx, {
      action: "account.stranger-reported",
      targets: [accountTarget(accountId), { type: "stranger-report", id }],
      change: { after: { endedSessions } },
    });
  });
}
