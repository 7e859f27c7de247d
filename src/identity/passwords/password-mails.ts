import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../accounts/tell.ts";

/** Tells the owner; whoever took the account over cannot keep it from the mailbox. */
export async function mailPasswordChanged(tx: Tx, ctx: Context, accountId: string): Promise<void> {
  await tell(tx, ctx, accountId, { kind: "password-changed", values: {}, lines: ["what"] });
}
