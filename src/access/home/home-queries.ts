import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";

type KeyRow = {
  id: string;
  name: string;
  serviceAccount: string;
  appId: string;
  appName: string;
  at: Date;
};

const liveKeys = sql`
  from service_account
  join app on app.id = service_account.app_id and app.deleted_at is null
  join account on account.id = service_account.account_id and account.disabled_at is null
  join api_key key on key.account_id = service_account.account_id and key.revoked_at is null
  where service_account.deleted_at is null`;
const keyColumns = sql`
  key.id, key.name, account.display_name as "serviceAccount", app.id as "appId", app.name as "appName"`;

type InApps = { appIds: readonly string[]; now: Date; limit: number };

/** Live keys that end before `until` and have no successor yet, soonest first. */
export async function listEndingKeys(
  db: Db,
  { appIds, now, until, limit }: InApps & { until: Date },
): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select ${keyColumns}, key.expires_at as at ${liveKeys}
      and service_account.app_id = any(${appIds}::uuid[])
      and key.expires_at > ${now} and key.expires_at <= ${until}
      and not exists (select from api_key successor where successor.rotated_from = key.id)
    order by key.expires_at, key.id limit ${limit}`.execute(db);
  return rows;
}

/** Live keys made before `madeBefore` that nobody ever used, oldest first. */
export async function listUnusedKeys(
  db: Db,
  { appIds, now, madeBefore, limit }: InApps & { madeBefore: Date },
): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select ${keyColumns}, key.created_at as at ${liveKeys}
      and service_account.app_id = any(${appIds}::uuid[])
      and key.expires_at > ${now} and key.last_used_at is null and key.created_at <= ${madeBefore}
    order by key.created_at, key.id limit ${limit}`.execute(db);
  return rows;
}

/** Invitations of this person that ran out since `since` without an answer, newest first. */
export async function listExpiredInvitations(
  db: Db,
  { accountId, now, since, limit }: { accountId: string; now: Date; since: Date; limit: number },
): Promise<{ id: string; email: string; endsAt: Date }[]> {
  return await db
    .selectFrom("invitation")
    .select(["id", "email", "ends_at as endsAt"])
    .where("inviter_id", "=", accountId)
    .where("accepted_at", "is", null)
    .where("cancelled_at", "is", null)
    .where("ends_at", "<=", now)
    .where("ends_at", ">", since)
    .orderBy("ends_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Address rules of these apps, and of their service accounts and keys, that go back unless they are confirmed. */
export async function listUnconfirmedRules(
  db: Db,
  { appIds, now, limit }: InApps,
): Promise<{ appId: string; appName: string; revertsAt: Date }[]> {
  const { rows } = await sql<{ appId: string; appName: string; revertsAt: Date }>`
    with own as (select id, name from app where id = any(${appIds}::uuid[]) and deleted_at is null),
    programs as (
      select account_id, own.id, own.name from service_account join own on own.id = app_id
      where deleted_at is null),
    owners as (
      select 'app' as level, id::text as owner_id, id, name from own
      union all select 'service-account', account_id::text, id, name from programs
      union all select 'key', api_key.id, programs.id, programs.name
        from api_key join programs on programs.account_id = api_key.account_id)
    select owners.id as "appId", owners.name as "appName", min(rules.reverts_at) as "revertsAt"
    from address_rules rules
    join owners on owners.level = rules.level and owners.owner_id = rules.owner_id
    where rules.reverts_at > ${now}
    group by owners.id, owners.name
    order by 3, 1 limit ${limit}`.execute(db);
  return rows;
}

export type GrantRow = {
  id: string;
  appId: string;
  appName: string;
  organisationId: string;
  holderId: string;
  holderName: string;
  endsAt: Date;
};

/** The caller's own grants, and those of people in apps that they may share, which end before `until`. */
export async function listEndingGrants(
  db: Db,
  { accountId, appIds, now, until, limit }: InApps & { accountId: string; until: Date },
): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    select held.id, app.id as "appId", app.name as "appName", app.organisation_id as "organisationId",
      account.id as "holderId", account.display_name as "holderName", held.expires_at as "endsAt"
    from access_grant held
    join app on app.id = held.app_id and app.deleted_at is null
    join account on account.id = held.account_id and account.kind = 'person'
    where held.expires_at > ${now} and held.expires_at <= ${until}
      and (held.account_id = ${accountId} or held.app_id = any(${appIds}::uuid[]))
    order by held.expires_at, held.id limit ${limit}`.execute(db);
  return rows;
}

/** Whether the person ever invited somebody, or owns an organisation in which somebody else has anything. */
export async function hasCompany(db: Db, accountId: string): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`
    with own as (
      select organisation_id from organisation_member
      where account_id = ${accountId} and role = 'owner')
    select exists (select from invitation where inviter_id = ${accountId} and cancelled_at is null)
      or exists (select from organisation_member other join own using (organisation_id)
        where other.account_id <> ${accountId})
      or exists (select from access_grant held
        join app on app.id = held.app_id join own using (organisation_id)
        join account on account.id = held.account_id and account.kind = 'person'
        where held.account_id <> ${accountId}) as yes`.execute(db);
  return rows[0]?.yes ?? false;
}
