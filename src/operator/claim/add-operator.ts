import type { Context } from "../../context.ts";
import { accountTarget } from "../../identity/accounts/account-queries.ts";
import { requireEmail } from "../../identity/accounts/email-address.ts";
import { accountSlot } from "../../platform/db/version-slots.ts";
import { ProblemError } from "../../problem-error.ts";
import { change, record } from "../../record/entries/change.ts";
import { tellOfNewOperator } from "./new-operator.ts";
import { closeClaim, findCandidate, makeOperator } from "./operator-queries.ts";

/**
 * Makes the account of an address an operator: for the command line, whose user holds the machine.
 * The first start's link ends with it.
 *
 * @throws {ProblemError} `forbidden` to anybody but the system; `invalid-request` for what is no address;
 *   `not-found` when it has no enabled account with a proven address; `conflict` when it operates already.
 */
export async function addOperator(
  ctx: Context,
  { email }: { email: string },
): Promise<{ email: string }> {
  if (ctx.principal.kind !== "system") throw new ProblemError("forbidden");
  const person = await findCandidate(ctx.db, requireEmail(email));
  if (person === undefined)
    throw new ProblemError("not-found", {
      detail: { code: "address-not-proven" },
    });
  await change(ctx, { touches: [accountSlot(person.id)] }, async (tx) => {
    if (!(await makeOperator(tx, person.id)))
      throw new ProblemError("conflict", { detail: { code: "operator-already" } });
    await closeClaim(tx, ctx.now());
    await tellOfNewOperator(tx, ctx, person);
    await record(tx, ctx, { action: "operator.added", targets: [accountTarget(person.id)] });
  });
  return { email: person.email };
}
