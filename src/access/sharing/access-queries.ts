import { sql } from "kysely";
import type { MemberRole } from "../../contract/access/roles.ts";
import type { Db } from "../../platform/db/db.ts";

/** An app and what ties an account to it, at one moment: ended grants are not there. */
export type RelationRow = {
  app_id: string;
  app_name: string;
  app_created_at: Date;
  deleted_at: Date | null;
  organisation_id: string;
  organisation_name: string;
  member_role: MemberRole | null;
  grant_id: string | null;
  role: string | null;
  expires_at: Date | null;
};

const columns = sql`
  app.id as app_id, app.name as app_name, app.created_at as app_created_at, app.deleted_at,
  organisation.id as organisation_id, organisation.name as organisation_name,
  member.role as member_role, held.id as grant_id, held.role, held.expires_at`;

/**
 * The app and the account's relation to it; undefined when there is no such app. A disabled account
 * has none. The end of a grant is part of the query: no sweep decides.
 */
export async function findRelation(
  db: Db,
  { appId, accountId, now }: { appId: string; accountId: string; now: Date },
): Promise<RelationRow | undefined> {
  const { rows } = await sql<RelationRow>`
    select ${columns}
    from app
    join organisation on organisation.id = app.organisation_id
    left join account on account.id = ${accountId} and account.disabled_at is null
    left join organisation_member member
      on member.organisation_id = app.organisation_id and member.account_id = account.id
    left join access_grant held
      on held.app_id = app.id and held.account_id = account.id
      and (held.expires_at is null or held.expires_at > ${now})
    where app.id = ${appId} and app.deleted_at is null`.execute(db);
  return rows[0];
}

/** Every app that an enabled account has a relation to, by name; deleted ones too. */
export async function listRelations(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<RelationRow[]> {
  const { rows } = await sql<RelationRow>`
    with reached as (
      select app.id from organisation_member member
      join app on app.organisation_id = member.organisation_id
      where member.account_id = ${accountId}
      union
      select app_id from access_grant
      where account_id = ${accountId} and (expires_at is null or expires_at > ${now}))
    select ${columns}
    from reached
    join app on app.id = reached.id
    join organisation on organisation.id = app.organisation_id
    join account on account.id = ${accountId} and account.disabled_at is null
    left join organisation_member member
      on member.organisation_id = app.organisation_id and member.account_id = account.id
    left join access_grant held
      on held.app_id = app.id and held.account_id = account.id
      and (held.expires_at is null or held.expires_at > ${now})
    order by app.name, app.id`.execute(db);
  return rows;
}
