import type { Context } from "../../context.ts";
import { ProblemError } from "../../problem-error.ts";

/** How long a second factor counts as fresh, from the moment it was given; use does not renew it. */
export const STEP_UP_VALID_MS = 10 * 60 * 1000;

/**
 * Lets pass a session whose second factor is fresh, and the system. Keys act within their own limits.
 *
 * @throws {ProblemError} `step-up-required`
 */
export function requireStepUp(ctx: Context): void {
  if (ctx.principal.kind !== "session") return;
  const { steppedUpAt } = ctx.principal;
  const ageMs =
    steppedUpAt === null ? Number.POSITIVE_INFINITY : ctx.now().getTime() - steppedUpAt.getTime();
  // A time in the future is a clock that was set back: not fresh.
  if (ageMs < 0 || ageMs > STEP_UP_VALID_MS) throw new ProblemError("step-up-required");
}
