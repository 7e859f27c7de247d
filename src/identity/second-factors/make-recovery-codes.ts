import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { mailRecoveryCodesReplaced } from "./factor-mails.ts";
import { replaceRecoveryCodeRows } from "./factor-queries.ts";
import { lockFactors } from "./factor-throttle.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery-codes.ts";

/** A new set in the caller's transaction, to be shown once; earlier codes no longer work. */
export async function makeRecoveryCodes(
  tx: Tx,
  { keyRing }: Pick<Context, "keyRing">,
  accountId: string,
): Promise<string[]> {
  const codes = newRecoveryCodes();
  const hashes = codes.map((code) => hashRecoveryCode(keyRing, accountId, code));
  await replaceRecoveryCodeRows(tx, accountId, hashes);
  return codes;
}

/** Gives the owner a new set. @throws {ProblemError} `step-up-required`. */
export async function replaceRecoveryCodes(ctx: Context): Promise<string[]> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await requireStillLive(tx, ctx);
    const codes = await makeRecoveryCodes(tx, ctx, accountId);
    await mailRecoveryCodesReplaced(tx, ctx, accountId);
    await record(tx, ctx, {
      action: "recovery-codes.replaced",
      targets: [accountTarget(accountId)],
      change: { after: { recoveryCodes: codes.length } },
    });
    return codes;
  });
}
