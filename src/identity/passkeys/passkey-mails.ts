import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../accounts/tell.ts";

type About = { accountId: string; passkey: string };

export async function mailPasskeyAdded(tx: Tx, ctx: Context, { accountId, passkey }: About) {
  await tell(tx, ctx, accountId, { kind: "passkey-added", values: { passkey }, lines: ["what"] });
}

export async function mailPasskeyRemoved(tx: Tx, ctx: Context, { accountId, passkey }: About) {
  await tell(tx, ctx, accountId, { kind: "passkey-removed", values: { passkey }, lines: ["what"] });
}

export async function mailPasskeyCloned(tx: Tx, ctx: Context, { accountId, passkey }: About) {
  await tell(tx, ctx, accountId, {
    kind: "passkey-cloned",
    values: { passkey },
    lines: ["what", "next"],
  });
}
