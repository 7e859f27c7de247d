import type { Context } from "../../context.ts";
import { tell } from "../../identity/accounts/tell.ts";
import type { Tx } from "../../platform/db/db.ts";
import { actorName, tellOwners } from "../service-accounts/tell-owners.ts";
import { endPhrase, rolePhrase } from "./access-mails.ts";
import type { AppAccess } from "./app-access.ts";
import type { GrantRow } from "./grant-queries.ts";

/** Tells whose role or end has changed; for a service account its app's owners, as all its keys change with it. */
export async function tellOfChange(
  tx: Tx,
  ctx: Context,
  { access: { app }, before, after }: { access: AppAccess; before: GrantRow; after: GrantRow },
): Promise<void> {
  const values = {
    app: app.name,
    role: rolePhrase(after.role),
    end: endPhrase(after.expires_at),
    roleBefore: rolePhrase(before.role),
    endBefore: endPhrase(before.expires_at),
  };
  if (before.kind === "person")
    return await tell(tx, ctx, before.account_id, {
      kind: "access-changed",
      values: { ...values, organisation: app.organisationName },
      lines: ["what", "before"],
    });
  await tellOwners(tx, ctx, app.organisationId, {
    kind: "service-account-access-changed",
    values: { ...values, account: before.display_name, actor: await actorName(tx, ctx) },
    lines: ["what", "before", "keys"],
  });
}

export async function tellOfEnd(
  tx: Tx,
  ctx: Context,
  { access: { app }, grant }: { access: AppAccess; grant: GrantRow },
): Promise<void> {
  const values = { app: app.name, role: rolePhrase(grant.role) };
  if (grant.kind === "person")
    return await tell(tx, ctx, grant.account_id, {
      kind: "access-ended",
      values: { ...values, organisation: app.organisationName },
      lines: ["what"],
    });
  await tellOwners(tx, ctx, app.organisationId, {
    kind: "service-account-access-ended",
    values: { ...values, account: grant.display_name, actor: await actorName(tx, ctx) },
    lines: ["what", "keys"],
  });
}
