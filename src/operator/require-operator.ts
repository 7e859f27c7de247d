import type { Context } from "../context.ts";
import type { SessionPrincipal } from "../identity/sessions/open-session.ts";
import { requireStepUp } from "../identity/sessions/require-step-up.ts";
import { requireStillLive } from "../identity/sessions/require-still-live.ts";
import type { Tx } from "../platform/db/db.ts";
import { accountSlot, type SlotLocks } from "../platform/db/version-slots.ts";
import { ProblemError } from "../problem-error.ts";
import { change } from "../record/entries/change.ts";

/**
 * The operator's full session. To everybody else what is behind this does not exist.
 *
 * @throws {ProblemError} `not-found`
 */
export function requireOperator({ principal }: Pick<Context, "principal">): SessionPrincipal {
  if (principal.kind !== "session" || principal.level !== "full" || !principal.isOperator)
    throw new ProblemError("not-found");
  return principal;
}

/**
 * A change by an operator whose second factor is fresh. That they still are one, signed in and enabled,
 * is read under the locks: of two operators who disable each other one stays.
 *
 * @throws {ProblemError} `not-found`, `step-up-required`; `not-signed-in` when the session ended meanwhile.
 */
export async function changeAsOperator<T>(
  ctx: Context,
  { touches = [], relies = [] }: SlotLocks,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { accountId } = requireOperator(ctx);
  requireStepUp(ctx);
  const locks = { touches, relies: [...relies, accountSlot(accountId)] };
  return await change(ctx, locks, async (tx) => {
    await requireStillLive(tx, ctx);
    const own = await tx
      .selectFrom("account")
      .select("is_operator")
      .where("id", "=", accountId)
      .executeTakeFirst();
    if (own?.is_operator !== true) throw new ProblemError("not-found");
    return await work(tx);
  });
}
