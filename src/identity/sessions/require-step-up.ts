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
  if (!isSteppedUp(ctx)) throw new ProblemError("step-up-required");
}

/** Whether the session's second factor is fresh; whatever else asks has none to give. */
export function isSteppedUp({ principal, now }: Pick<Context, "principal" | "now">): boolean {
  if (principal.kind !== "session") return true;
  const { steppedUpAt } = principal;
  const ageMs =
    steppedUpAt === null ? Number.POSITIVE_INFINITY : now().getTime() - steppedUpAt.getTime();
  // A time in the future is a clock that was set back: not fresh.
  return ageMs >= 0 && ageMs <= STEP_UP_VALID_MS;
}
