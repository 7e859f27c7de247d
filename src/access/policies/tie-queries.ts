import { sql } from "kysely";
import type { Tie } from "../../contract/identity/strictest-rules.ts";
import { NO_RULES } from "../../contract/identity/password-rules.ts";
import type { Db } from "../../platform/db/db.ts";

type TieRow = {
  account_id: string;
  organisation_id: string;
  organisation_name: string;
  is_member: boolean;
  began_at: Date;
  apps: { id: string; name: string }[];
  owners: { email: string }[];
  demanded_at: Date | null;
  min_length: number | null;
  needs_capital: boolean | null;
  needs_number: boolean | null;
  needs_special: boolean | null;
  reuse_days: number | null;
  idle_minutes: number | null;
  age_days: number[] | null;
  age_since: Date[] | null;
};

/**
 * What ties people to organisations that ask something of their passwords: memberships, and grants that have
 * not ended of apps that are not deleted. Ends are a part of the query: no sweep decides.
 */
export async function listTies(
  db: Db,
  { accountIds, now }: { accountIds: readonly string[]; now: Date },
): Promise<Map<string, Tie[]>> {
  const { rows } = await sql<TieRow>`
    with reached as (
      select held.account_id, app.organisation_id, app.id as app_id, app.name as app_name, false as is_member,
        greatest(held.reached_since, app.held_since) as began_at
      from access_grant as held join app on app.id = held.app_id and app.deleted_at is null
      where held.account_id = any(${accountIds}::uuid[])
        and (held.expires_at is null or held.expires_at > ${now}::timestamptz)
      union all
      select account_id, organisation_id, null, null, true, created_at
      from organisation_member where account_id = any(${accountIds}::uuid[])
    ), tie as (
      select account_id, organisation_id, bool_or(is_member) as is_member, min(began_at) as began_at,
        coalesce(json_agg(json_build_object('id', app_id, 'name', app_name) order by app_name, app_id)
          filter (where app_id is not null), '[]') as apps
      from reached group by account_id, organisation_id
    )
    select tie.*, organisation.name as organisation_name, demand.demanded_at,
      policy.min_length, policy.needs_capital, policy.needs_number, policy.needs_special, policy.reuse_days,
      policy.idle_minutes, policy.age_days, policy.age_since,
      (select coalesce(json_agg(json_build_object('email', owner.email) order by owner.email), '[]')
        from organisation_member as member join account as owner on owner.id = member.account_id
        where member.organisation_id = tie.organisation_id and member.role = 'owner'
          and owner.disabled_at is null) as owners
    from tie
    join account on account.id = tie.account_id and account.kind = 'person'
    join organisation on organisation.id = tie.organisation_id
    left join password_policy as policy on policy.organisation_id = tie.organisation_id
    left join password_demand as demand
      on demand.organisation_id = tie.organisation_id and demand.account_id = tie.account_id
    where policy.organisation_id is not null or demand.demanded_at is not null`.execute(db);
  const byAccount = Map.groupBy(rows, (row) => row.account_id);
  return new Map([...byAccount].map(([id, ties]) => [id, ties.map(toTie)]));
}

function toTie(row: TieRow): Tie {
  const since = row.age_since ?? [];
  return {
    organisation: { id: row.organisation_id, name: row.organisation_name },
    owners: row.owners,
    apps: row.apps,
    isMember: row.is_member,
    beganAt: row.began_at,
    rules: {
      minLength: row.min_length ?? NO_RULES.minLength,
      needsCapital: row.needs_capital ?? false,
      needsNumber: row.needs_number ?? false,
      needsSpecial: row.needs_special ?? false,
      reuseDays: row.reuse_days,
      idleMinutes: row.idle_minutes,
    },
    ages: (row.age_days ?? []).flatMap((days, index) => {
      const at = since[index];
      return at === undefined ? [] : [{ days, since: at }];
    }),
    demandedAt: row.demanded_at,
  };
}

export type BoundPerson = {
  id: string;
  email: string;
  displayName: string;
  hasPassword: boolean;
  isMember: boolean;
  apps: { id: string; name: string }[];
};

/** Enabled people whom an organisation's rules bind: who belong to it, and whom its apps are shared with. */
export async function listBound(
  db: Db,
  { organisationId, now }: { organisationId: string; now: Date },
): Promise<BoundPerson[]> {
  const { rows } = await sql<BoundPerson>`
    with reached as (
      select held.account_id, app.id as app_id, app.name as app_name, false as is_member
      from app join access_grant as held on held.app_id = app.id
      where app.organisation_id = ${organisationId} and app.deleted_at is null
        and (held.expires_at is null or held.expires_at > ${now}::timestamptz)
      union all
      select account_id, null, null, true from organisation_member where organisation_id = ${organisationId}
    )
    select account.id, account.email, account.display_name as "displayName",
      account.password_hash is not null as "hasPassword", bool_or(reached.is_member) as "isMember",
      coalesce(json_agg(json_build_object('id', app_id, 'name', app_name) order by app_name, app_id)
        filter (where app_id is not null), '[]') as apps
    from reached join account on account.id = reached.account_id
    where account.kind = 'person' and account.disabled_at is null
    group by account.id order by account.display_name, account.id`.execute(db);
  return rows;
}

/** Service accounts of the organisation's apps. */
export async function countExempt(db: Db, organisationId: string): Promise<number> {
  const { count } = await db
    .selectFrom("service_account")
    .innerJoin("app", "app.id", "service_account.app_id")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("app.organisation_id", "=", organisationId)
    .where("app.deleted_at", "is", null)
    .where("service_account.deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
