import type { Context } from "../../context.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountTarget } from "../accounts/account-queries.ts";
import { hasFactor } from "../second-factors/factor-queries.ts";
import { lockFactors } from "../second-factors/factor-throttle.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { mailPasskeyRemoved } from "./passkey-mails.ts";
import { deletePasskey } from "./passkey-queries.ts";
import { passkeyTarget } from "./passkey-target.ts";

/**
 * Removes a passkey of the caller's: it opens nothing from now on. Never the last factor: removals happen one
 * after the other, so that no two of them leave none.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`; `conflict` when there is no other factor.
 */
export async function removePasskey(ctx: Context, passkeyId: string): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await lockFactors(tx, accountId);
    await requireStillLive(tx, ctx);
    const name = await deletePasskey(tx, { passkeyId, accountId });
    if (name === undefined) throw new ProblemError("not-found");
    if (!(await hasFactor(tx, accountId)))
      throw new ProblemError("conflict", { detail: { code: "last-factor" } });
    await mailPasskeyRemoved(tx, ctx, { accountId, passkey: name });
    await record(tx, ctx, {
      action: "passkey.removed",
      targets: [accountTarget(accountId), passkeyTarget(accountId, passkeyId)],
      change: { before: { name } },
    });
  });
}
