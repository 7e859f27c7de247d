import type { Context } from "../../context.ts";
import type { EntryScope } from "../../ports.ts";
import { listAccess } from "./app-access.ts";

/**
 * Port of the record: the caller's own account, and every app that they may audit now. Owners and
 * officers may read on about an app of theirs after it was deleted.
 */
export async function entryScope(ctx: Context): Promise<EntryScope> {
  const { principal } = ctx;
  if (principal.kind !== "session" && principal.kind !== "api-key")
    return { accountId: null, appIds: [] };
  const { accountId } = principal;
  const apps = await listAccess(ctx.db, { accountId, now: ctx.now() }, "app:audit");
  return { accountId, appIds: apps.map(({ app }) => app.id) };
}
