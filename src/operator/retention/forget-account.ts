import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { ProblemError } from "../../problem-error.ts";
import { record } from "../../record/entries/change.ts";
import { insertRequest, withdrawRequest } from "../../record/erasure/request-queries.ts";
import { findAccount } from "../accounts/account-queries.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";

/**
 * Asks for somebody that what their own log says about them be erased, as they would themselves: after two
 * weeks, nothing younger than 90 days, and the person is told. For whoever cannot sign in any more.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `forbidden` for one's own; `conflict` when it was
 *   asked already.
 */
export async function forgetAccount(
  ctx: Context,
  { accountId, reason }: { accountId: string; reason: string },
): Promise<{ from: string }> {
  await requireOther(ctx, accountId);
  return await changeAsOperator(ctx, {}, async (tx) => {
    const now = ctx.now();
    const askedBy = requireOperator(ctx).accountId;
    const from = await insertRequest(tx, { id: uuidv7(now.getTime()), accountId, askedBy, now });
    if (from === null) throw new ProblemError("conflict");
    await tell(tx, ctx, accountId, {
      kind: "erasure-asked",
      values: { from },
      lines: ["what", "stays"],
    });
    await record(tx, ctx, {
      action: "erasure.requested",
      reason: reason.trim(),
      targets: [accountTarget(accountId)],
      change: { after: { from } },
    });
    return { from: from.toISOString() };
  });
}

/** Takes it back for them. @throws {ProblemError} `not-found`, `step-up-required`, `forbidden` */
export async function keepAccountOnRecord(ctx: Context, accountId: string): Promise<void> {
  await requireOther(ctx, accountId);
  await changeAsOperator(ctx, {}, async (tx) => {
    if (!(await withdrawRequest(tx, accountId, ctx.now()))) throw new ProblemError("not-found");
    await tell(tx, ctx, accountId, { kind: "erasure-withdrawn", values: {}, lines: ["what"] });
    await record(tx, ctx, { action: "erasure.withdrawn", targets: [accountTarget(accountId)] });
  });
}

async function requireOther(ctx: Context, accountId: string): Promise<void> {
  const own = requireOperator(ctx);
  requireStepUp(ctx);
  if ((await findAccount(ctx.db, accountId)) === undefined) throw new ProblemError("not-found");
  ctx.notes.targets = [accountTarget(accountId)];
  if (own.accountId === accountId)
    throw new ProblemError("forbidden", { detail: { code: "own-account" } });
}
