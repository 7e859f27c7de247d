import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";

/**
 * For replies that take longer than a moment: whether the credential that asked is still good.
 *
 * @param authorization the request's header, when a key asked.
 * @throws {ProblemError} `not-signed-in` and whatever else the credential would be refused with now.
 */
export async function recheckCaller(
  ctx: Context,
  authorization: string | undefined,
): Promise<void> {
  const { principal } = ctx;
  if (principal.kind === "api-key") {
    const token = authorization?.replace(/^Bearer /i, "") ?? "";
    await ctx.ports.resolveBearer(token, { ...ctx, notes: {} });
    return;
  }
  if (principal.kind !== "session") throw new ProblemError("not-signed-in");
  await ctx.ports.requireStillLive(ctx.db, ctx);
}
