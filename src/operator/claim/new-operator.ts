import type { Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { listOperators, type Candidate } from "./operator-queries.ts";

/** Tells the new operator, and all others, that there is one more. */
export async function tellOfNewOperator(
  tx: Tx,
  ctx: Context,
  { id, displayName, email }: Candidate,
): Promise<void> {
  const others = (await listOperators(tx)).filter((operatorId) => operatorId !== id);
  await tell(tx, ctx, id, {
    kind: "operator-made",
    values: {},
    lines: ["what"],
  });
  await tell(tx, ctx, others, {
    kind: "operator-joined",
    values: { person: `${displayName} (${email})` },
    lines: ["what"],
  });
}
