import type { Context } from "../../context.ts";
import { requireStepUp } from "../../identity/sessions/require-step-up.ts";
import { record } from "../../record/entries/change.ts";
import { tell } from "../../identity/accounts/tell.ts";
import { actorName, tellOwnersBut } from "../service-accounts/tell-owners.ts";
import { changeApp } from "../sharing/change-app.ts";
import { endAllOfApp, markAppDeleted } from "./app-queries.ts";

/**
 * Deletes an app: every grant, invitation and key of it ends at once, for good. Its guests are told.
 * What is on record stays.
 *
 * @throws {ProblemError} `step-up-required`, `not-found`, `forbidden`
 */
export async function deleteApp(ctx: Context, { appId }: { appId: string }): Promise<void> {
  requireStepUp(ctx);
  await changeApp(ctx, { appId, permission: "app:delete" }, async (tx, { app }) => {
    const deletedAt = ctx.now();
    await markAppDeleted(tx, { appId, deletedAt });
    const { accountIds, keyIds } = await endAllOfApp(tx, { appId, endedAt: deletedAt });
    const values = {
      app: app.name,
      organisation: app.organisationName,
      actor: await actorName(tx, ctx),
    };
    await tell(tx, ctx, accountIds, { kind: "app-deleted", values, lines: ["what"] });
    await tellOwnersBut(accountIds, tx, ctx, {
      organisationId: app.organisationId,
      mail: { kind: "app-deleted", values, lines: ["what", "owners"] },
    });
    await record(tx, ctx, {
      action: "app.deleted",
      organisationId: app.organisationId,
      appId,
      targets: [
        { type: "app", id: appId },
        ...accountIds.map((accountId) => ({ type: "account", id: accountId, accountId })),
        ...keyIds.map((id) => ({ type: "key", id })),
      ],
      change: { before: { name: app.name } },
    });
  });
}
