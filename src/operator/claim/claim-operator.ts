import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { sessionOf } from "../../identity/sessions/open-session.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import { hashToken } from "../../platform/crypto/tokens.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { tellOfNewOperator } from "./new-operator.ts";
import { findCandidate, makeOperator, spendClaim } from "./operator-queries.ts";

/**
 * Makes the caller the first operator, by the one-time link that the first start printed.
 *
 * @throws {ProblemError} `step-up-required`; `dead-link` when the link was spent, replaced or has ended.
 */
export async function claimOperator(ctx: Context, token: string): Promise<void> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    const now = ctx.now();
    await requireStillLive(tx, ctx);
    if (!(await spendClaim(tx, { tokenHash: hashToken(token), now })))
      throw new ProblemError("dead-link");
    const person = await findCandidate(tx, { accountId });
    if (person === undefined) throw new ProblemError("not-signed-in");
    await makeOperator(tx, accountId);
    await tellOfNewOperator(tx, ctx, person);
    await record(tx, ctx, { action: "operator.claimed", targets: [accountTarget(accountId)] });
  });
}
