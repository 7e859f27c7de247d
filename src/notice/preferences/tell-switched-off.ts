import type { Context } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { MailValue } from "../../platform/mail/compose-mail.ts";
import type { OffSwitch } from "./preference-queries.ts";

/** Tells an account's holder what is switched off, before it is: of a class that nobody can switch off. */
export async function tellSwitchedOff(
  tx: Tx,
  ctx: Context,
  accountId: string,
  switches: readonly OffSwitch[],
): Promise<void> {
  await tell(tx, ctx, accountId, {
    kind: "notices-off",
    values: {},
    lines: [
      ...switches.map(({ class: name, channel }): ["off", Record<string, MailValue>] => [
        "off",
        { class: { say: `class-${name}` }, channel: { say: `channel-${channel}` } },
      ]),
      "stays",
    ],
  });
}
