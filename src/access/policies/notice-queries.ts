import { sql } from "kysely";
import type { Tx } from "../../platform/db/db.ts";

/** That an account's password, set at `changedAt`, ends at `dueAt`: told so many days ahead. */
export type Notice = { accountId: string; changedAt: Date; dueAt: Date; days: number };

/**
 * Notes that a notice goes out. The row's lock puts any number of these one after the other.
 *
 * @returns false when this one, or a later one, is out already, or the password is another by now.
 */
export async function takeNotice(
  tx: Tx,
  { accountId, changedAt, dueAt, days, now }: Notice & { now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into password_notice as told (account_id, due_at, days, told_at)
    select id, ${dueAt}::timestamptz, ${days}::int, ${now}::timestamptz from account
    where id = ${accountId} and password_changed_at = ${changedAt}::timestamptz
    on conflict (account_id) do update
      set due_at = excluded.due_at, days = excluded.days, told_at = excluded.told_at
      where told.due_at <> excluded.due_at or told.days > excluded.days
    returning account_id`.execute(tx);
  return rows.length > 0;
}
