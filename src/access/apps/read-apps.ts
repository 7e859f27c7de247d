import type { App } from "../../contract/access/apps.ts";
import type { Context } from "../../context.ts";
import { listRelations, type RelationRow } from "../sharing/access-queries.ts";
import { callerOf, requirePermission } from "../sharing/app-access.ts";
import { findTransfer } from "./transfer-queries.ts";

/** Apps that the caller owns, and apps that they have otherwise: shared with them, or watched as an officer. */
export async function listApps(ctx: Context): Promise<{ owned: App[]; shared: App[] }> {
  const rows = await listRelations(ctx.db, { accountId: callerOf(ctx), now: ctx.now() });
  const live = rows.filter((row) => row.deleted_at === null);
  return {
    owned: live.filter(isOwned).map(toApp),
    shared: live.filter((row) => !isOwned(row)).map(toApp),
  };
}

/** One app, with what the caller may do to it. @throws {ProblemError} `not-found`, `forbidden` */
export async function readApp(ctx: Context, { appId }: { appId: string }) {
  const { row, permissions, membership } = await requirePermission(ctx.db, ctx, appId, "app:read");
  const offer =
    membership === "owner" ? await findTransfer(ctx.db, { appId, now: ctx.now() }) : undefined;
  return {
    ...toApp(row),
    permissions: [...permissions].toSorted(),
    transfer:
      offer === undefined
        ? null
        : {
            email: offer.email,
            createdAt: offer.created_at.toISOString(),
            endsAt: offer.ends_at.toISOString(),
          },
  };
}

const isOwned = (row: RelationRow): boolean => row.member_role === "owner";

/** An app as the account of the relation sees it: ownership counts before a grant, a grant before watching. */
export function toApp(row: RelationRow): App {
  const isByGrant = !isOwned(row) && row.role !== null;
  return {
    id: row.app_id,
    name: row.app_name,
    organisation: { id: row.organisation_id, name: row.organisation_name },
    role: isByGrant ? (row.role ?? "") : (row.member_role ?? ""),
    expiresAt: isByGrant ? (row.expires_at?.toISOString() ?? null) : null,
    createdAt: row.app_created_at.toISOString(),
  };
}
