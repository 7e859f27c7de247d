import type { App, NewApp } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { record } from "../../record/entries/change.ts";
import { organisationMeant } from "../organisations/only-owned.ts";
import { changeOrganisation } from "../organisations/require-membership.ts";
import { makeApp } from "./make-app.ts";

/**
 * Makes an app in an organisation that the caller owns: the one named, else the only one.
 *
 * @throws {ProblemError} `not-found`, `forbidden`, `invalid-request` at /organisationId, `limit-reached`.
 */
export async function createApp(
  ctx: Context,
  { name: typed, organisationId }: NewApp,
): Promise<App> {
  const name = typed.trim();
  const meant = await organisationMeant(ctx, organisationId);
  return await changeOrganisation(
    ctx,
    { organisationId: meant, needs: "owner" },
    async (tx, organisation) => {
      const id = await makeApp(tx, ctx, { organisationId: meant, name });
      await record(tx, ctx, {
        action: "app.created",
        organisationId: meant,
        appId: id,
        targets: [{ type: "app", id }],
        change: { after: { name } },
      });
      return {
        id,
        name,
        organisation: { id: organisation.id, name: organisation.name },
        role: "owner",
        expiresAt: null,
        createdAt: ctx.now().toISOString(),
      };
    },
  );
}
