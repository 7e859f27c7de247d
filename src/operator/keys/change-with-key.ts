import type { Context, OperatorScope } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { INSTALLATION_SLOT } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change } from "../../record/entries/change.ts";

/**
 * A change by the operator's product, within its key's scopes. That the key is still good is read under
 * the installation's slot, which its revocation touches: nothing happens with a key after it was revoked.
 * `work` may lock further slots, which are all above the installation's.
 *
 * @throws {ProblemError} `forbidden` without the scope; `not-signed-in` when the key ended meanwhile.
 */
export async function changeWithKey<T>(
  ctx: Context,
  scope: OperatorScope,
  work: (tx: Tx, keyId: string) => Promise<T>,
): Promise<T> {
  const { principal } = ctx;
  if (principal.kind !== "operator-key" || !principal.scopes.includes(scope))
    throw new ProblemError("forbidden");
  return await change(ctx, { relies: [INSTALLATION_SLOT] }, async (tx) => {
    const live = await tx
      .selectFrom("operator_key")
      .select("id")
      .where("id", "=", principal.keyId)
      .where("revoked_at", "is", null)
      .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", ctx.now())]))
      .executeTakeFirst();
    if (live === undefined) throw new ProblemError("not-signed-in");
    return await work(tx, principal.keyId);
  });
}
