import type { Action } from "../../contract/actions.ts";
import type { ProblemCode } from "../../contract/problems.ts";
import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";
import { requestEntry } from "../../record/entries/request-entry.ts";

/**
 * Each wrong try is on record by itself, whether or not there is such an account: counting some of
 * them together, as the record does with strangers, would hide tries from owners, and counting only
 * unknown addresses would tell by its time which are known. The throttle bounds how many there are.
 *
 * @throws {ProblemError} `reason`.
 */
export async function refuseTry(ctx: Context, action: Action, reason: ProblemCode): Promise<never> {
  const entry = requestEntry(ctx, { action, outcome: "refused", reason });
  ({ entryId: ctx.entryId } = await ctx.recorder.submit(entry));
  ctx.isRecorded = true;
  throw new ProblemError(reason);
}
