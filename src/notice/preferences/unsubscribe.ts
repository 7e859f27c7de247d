import type { Unsubscribed } from "../../contract/notice/preferences.ts";
import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { change, record } from "../../record/entries/change.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { listOff, lockSwitches, switchOff } from "./preference-queries.ts";
import { tellSwitchedOff } from "./tell-switched-off.ts";
import { readUnsubscribeToken } from "./unsubscribe-token.ts";

/**
 * Ends the mails of one optional class, for whoever holds a mail of it, without a sign-in. As often as one likes: from
 * the second time on nothing changes, and nobody is told again.
 *
 * @throws {ProblemError} `dead-link` for a token that we did not make, or of an account that is gone.
 */
export async function unsubscribe(ctx: Context, token: string): Promise<Unsubscribed> {
  const known = readUnsubscribeToken(ctx, token);
  if (known === null) throw new ProblemError("dead-link");
  const { accountId, class: name } = known;
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    if (!(await lockSwitches(tx, accountId))) throw new ProblemError("dead-link");
    const mails = { class: name, channel: "email" } as const;
    const before = await listOff(tx, accountId);
    if (!before.some((each) => each.class === name && each.channel === "email")) {
      await tellSwitchedOff(tx, ctx, accountId, [mails]);
      await switchOff(tx, accountId, [mails]);
    }
    await record(tx, ctx, {
      action: "notice-preferences.unsubscribed",
      targets: [accountTarget(accountId)],
      change: { after: { off: `${name}/email` } },
    });
    return { class: name };
  });
}
