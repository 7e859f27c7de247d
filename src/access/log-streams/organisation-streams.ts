import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import type { Tx } from "../../platform/db/db.ts";
import type { Mail, MailValue } from "../../platform/mail/compose-mail.ts";
import type { StreamKeeper } from "../../record/streams/stream-keeper.ts";
import { listMemberships } from "../organisations/organisation-queries.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { changeOrganisation, requireMembership } from "../organisations/require-membership.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { callerOf } from "../sharing/app-access.ts";

/** Port of the record: owners and officers keep their organisation's streams, as they may read its log. */
export const organisationStreams: StreamKeeper = {
  owners: async (ctx) => (await listMemberships(ctx.db, callerOf(ctx))).map(({ id }) => id),
  choose: async (ctx, organisationId) => {
    const meant = await organisationMeant(ctx, organisationId);
    await requireMembership(ctx.db, ctx, meant, "any");
    return meant;
  },
  requireFresh: requireStepUp,
  change: async (ctx, organisationId, work) => {
    if (organisationId === null) throw new Error("the operator's streams are kept elsewhere");
    requireStepUp(ctx);
    // No decision relies on a stream; that the caller still belongs to it has to stand until the commit.
    return await changeOrganisation(ctx, { organisationId, needs: "any", locks: "relies" }, work);
  },
  actor: actorName,
};

/** Mails an organisation's owners about one of its streams. */
export async function tellOfStream(
  tx: Tx,
  ctx: Context,
  organisationId: string,
  mailFor: (organisation: MailValue) => Mail,
): Promise<void> {
  const { name } = await tx
    .selectFrom("organisation")
    .select("name")
    .where("id", "=", organisationId)
    .executeTakeFirstOrThrow();
  await tellOwners(tx, ctx, organisationId, mailFor(name));
}
