import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

export type AccountRow = {
  id: string;
  kind: "person" | "service";
  email: string | null;
  display_name: string;
  external_id: string | null;
  created_at: Date;
  disabled_at: Date | null;
  disabled_reason: string | null;
  is_operator: boolean;
  is_proven: boolean;
  has_second_factor: boolean;
};

/** One in the list: a program's with the app that it is for. */
type ListedRow = AccountRow & { app_id: string | null; app_name: string | null };

const columns = sql`
  account.id, kind, email, display_name, external_id, account.created_at, disabled_at, disabled_reason,
  is_operator, is_proven,
  (exists (select from totp_factor
      where totp_factor.account_id = account.id and state = 'live')
    or exists (select from passkey where passkey.account_id = account.id)) as has_second_factor`;

/**
 * Accounts newest first, those that match: a part of name or address, or a whole id or externalId; `after`
 * is the id of the last one of the page before.
 */
export async function listAccounts(
  db: Db,
  { query, after, limit }: { query: string | null; after: string | null; limit: number },
): Promise<ListedRow[]> {
  const part = query === null ? null : `%${query.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const { rows } = await sql<ListedRow>`
    select ${columns}, home.app_id, home.app_name from account
    left join lateral (
      select app.id as app_id, app.name as app_name
      from service_account join app on app.id = service_account.app_id
      where service_account.account_id = account.id
    ) home on true
    where (${part}::text is null or email ilike ${part} or display_name ilike ${part}
        or external_id = ${query} or account.id::text = lower(${query}))
      and (${after}::uuid is null
        or account.created_at < (select created_at from account last where last.id = ${after}::uuid)
        or (account.created_at = (select created_at from account last where last.id = ${after}::uuid)
          and account.id > ${after}::uuid))
    order by account.created_at desc, account.id
    limit ${limit}`.execute(db);
  return rows;
}

export async function findAccount(db: Db, accountId: string): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`
    select ${columns} from account where account.id = ${accountId}`.execute(db);
  return rows[0];
}

/** The account's live sessions: how many, and when one was last used. */
export async function readSessions(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<{ live: number; lastSeenAt: Date | null }> {
  const { rows } = await sql<{ live: number; lastSeenAt: Date | null }>`
    select count(*) filter (where ended_at is null and ends_at > ${now}::timestamptz)::int as live,
      max(last_seen_at) as "lastSeenAt"
    from session where account_id = ${accountId}`.execute(db);
  return rows[0] ?? { live: 0, lastSeenAt: null };
}

/** The app of a service account, and whose it is. */
export async function findServiceHome(
  db: Db,
  accountId: string,
): Promise<{ appId: string; appName: string; organisationId: string } | undefined> {
  return await db
    .selectFrom("service_account")
    .innerJoin("app", "app.id", "service_account.app_id")
    .select(["app.id as appId", "app.name as appName", "app.organisation_id as organisationId"])
    .where("service_account.account_id", "=", accountId)
    .executeTakeFirst();
}

/** False when the account is disabled already. */
export async function markDisabled(
  tx: Tx,
  { accountId, reason, now }: { accountId: string; reason: string; now: Date },
): Promise<boolean> {
  const marked = await tx
    .updateTable("account")
    .set({ disabled_at: now, disabled_reason: reason })
    .where("id", "=", accountId)
    .where("disabled_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return marked !== undefined;
}

/** False when the account is enabled already. */
export async function markEnabled(tx: Tx, accountId: string): Promise<boolean> {
  const marked = await tx
    .updateTable("account")
    .set({ disabled_at: null, disabled_reason: null })
    .where("id", "=", accountId)
    .where("disabled_at", "is not", null)
    .returning("id")
    .executeTakeFirst();
  return marked !== undefined;
}
