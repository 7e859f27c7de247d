import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { requireGlass } from "../address-rules/break-glass.ts";
import { holdOff } from "./session-rule-queries.ts";

/**
 * Holds the list of a person's own sessions off for some hours, for the operator at the server: they locked
 * themselves out. Password and second factor are asked as ever; the person is told.
 *
 * @throws {ProblemError} `forbidden` for everybody but the system, `invalid-request`, `not-found` without a list.
 */
export async function holdOffSessionRules(
  ctx: Context,
  { accountId, reason, hours }: { accountId: string; reason: string; hours: number },
): Promise<{ endsAt: Date }> {
  requireGlass(ctx, { reason, hours });
  const endsAt = new Date(ctx.now().getTime() + hours * 3_600_000);
  return await change(ctx, { touches: [accountSlot(accountId)] }, async (tx) => {
    if (!(await holdOff(tx, { accountId, until: endsAt }))) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "session-rules.broken-glass",
      targets: [accountTarget(accountId)],
      change: { after: { reason, endsAt } },
    });
    await tell(tx, ctx, accountId, {
      kind: "session-rules-held-off",
      values: { endsAt, reason },
      lines: ["what", "reason", "then"],
    });
    return { endsAt };
  });
}
