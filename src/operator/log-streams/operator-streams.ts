import { actorName } from "../../access/service-accounts/tell-owners.ts";
import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail } from "../../platform/mail/compose-mail.ts";
import type { StreamKeeper } from "../../record/streams/stream-keeper.ts";
import { listOperators } from "../claim/operator-queries.ts";
import { changeAsOperator, requireOperator } from "../require-operator.ts";

/** Port of the record: operators keep streams of everything that is on record. */
export const operatorStreams: StreamKeeper = {
  owners: async (ctx) => {
    requireOperator(ctx);
    return [null];
  },
  choose: async (ctx) => {
    requireOperator(ctx);
    return null;
  },
  requireFresh: (ctx) => {
    requireOperator(ctx);
    requireStepUp(ctx);
  },
  change: async (ctx, owner, work) => {
    if (owner !== null) throw new Error("an organisation's streams are kept elsewhere");
    return await changeAsOperator(ctx, {}, work);
  },
  actor: actorName,
};

/** Mails all operators. */
export async function tellOperators(tx: Tx, ctx: Context, mail: Mail): Promise<void> {
  await tell(tx, ctx, await listOperators(tx), mail);
}
