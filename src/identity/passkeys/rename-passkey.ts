import type { Passkey } from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { requireStepUp } from "../sessions/require-step-up.ts";
import { requireStillLive } from "../sessions/require-still-live.ts";
import { renameRow } from "./passkey-queries.ts";
import { passkeyTarget } from "./passkey-target.ts";
import { toPasskey } from "./to-passkey.ts";

/** Renames a passkey of the caller's. @throws {ProblemError} `step-up-required`, `not-found`. */
export async function renamePasskey(
  ctx: Context,
  { passkeyId, name: given }: { passkeyId: string; name: string },
): Promise<Passkey> {
  requireStepUp(ctx);
  const { accountId } = sessionOf(ctx);
  const name = given.trim();
  return await change(ctx, { relies: [accountSlot(accountId)] }, async (tx) => {
    await requireStillLive(tx, ctx);
    const renamed = await renameRow(tx, { passkeyId, accountId, name });
    if (renamed === undefined) throw new ProblemError("not-found");
    await record(tx, ctx, {
      action: "passkey.renamed",
      targets: [passkeyTarget(accountId, passkeyId)],
      change: { before: { name: renamed.before }, after: { name } },
    });
    return toPasskey(renamed.row);
  });
}
