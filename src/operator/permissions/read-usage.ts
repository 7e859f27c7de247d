import { sql } from "kysely";
import type { CatalogueUsage } from "../../contract/operator/permissions.ts";
import type { Context } from "../../context.ts";
import { requireOperator } from "../require-operator.ts";

/**
 * How many custom roles hold each permission of the catalogue: what taking it out would touch. Counts alone:
 * whose roles they are is no business of the operator's.
 *
 * @throws {ProblemError} `not-found`
 */
export async function readUsage(ctx: Context): Promise<CatalogueUsage> {
  requireOperator(ctx);
  const { rows } = await sql<CatalogueUsage["usage"][number]>`
    select permission.key, count(*)::int as roles, count(distinct role.app_id)::int as apps
    from permission
    join role on permission.key = any(role.permissions)
    join app on app.id = role.app_id and app.deleted_at is null
    group by permission.key order by permission.key`.execute(ctx.db);
  return { usage: rows };
}
