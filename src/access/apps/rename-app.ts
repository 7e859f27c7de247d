import type { App } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { record } from "../../record/entries/change.ts";
import { changeApp } from "../sharing/change-app.ts";
import { renameAppRow } from "./app-queries.ts";
import { toApp } from "./read-apps.ts";

/** Gives the app another name. @throws {ProblemError} `not-found`, `forbidden` */
export async function renameApp(
  ctx: Context,
  { appId, name: typed }: { appId: string; name: string },
): Promise<App> {
  const name = typed.trim();
  return await changeApp(ctx, { appId, permission: "app:write" }, async (tx, { app, row }) => {
    await renameAppRow(tx, { appId, name });
    await record(tx, ctx, {
      action: "app.renamed",
      organisationId: app.organisationId,
      appId,
      targets: [{ type: "app", id: appId }],
      change: { before: { name: app.name }, after: { name } },
    });
    return toApp({ ...row, app_name: name });
  });
}
