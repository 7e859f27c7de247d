import type { Context } from "../../context.ts";
import { giveBackAllowances, requireAllowances, type Claim } from "./allowance.ts";

/**
 * Runs a check, which gives null for something wrong. A try is counted before it is made and given back when
 * it was right, so that no number of parallel wrong ones passes the cap.
 *
 * @throws {ProblemError} `too-many-requests` with Retry-After; then nothing was checked.
 */
export async function countWrong<T>(
  ctx: Context,
  claims: readonly Claim[],
  check: () => Promise<T | null>,
): Promise<T | null> {
  await requireAllowances(ctx, claims);
  let isWrong = false;
  try {
    const result = await check();
    isWrong = result === null;
    return result;
  } finally {
    if (!isWrong) await giveBackAllowances(ctx, claims);
  }
}
