import type { Context } from "../../context.ts";
import { requireStillLive } from "../../identity/sessions/require-still-live.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, type SlotLocks } from "../../platform/db/version-slots.ts";
import { change } from "../../record/entries/change.ts";
import { callerOf } from "./app-access.ts";

/**
 * A change by somebody who is signed in, and still is when the locks are held: once the answer to "end
 * this session" is there, nothing more happens in it.
 *
 * @throws {ProblemError} `not-signed-in` when the session ended meanwhile.
 */
export async function changeAsCaller<T>(
  ctx: Context,
  { touches = [], relies = [] }: SlotLocks,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const own = accountSlot(callerOf(ctx));
  return await change(ctx, { touches, relies: [...relies, own] }, async (tx) => {
    await requireStillLive(tx, ctx);
    return await work(tx);
  });
}
