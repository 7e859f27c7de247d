import { sql } from "kysely";
import { defaultPeriods, FORGETTING_WAITS_DAYS } from "../../contract/record/retention.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { DAY_MS } from "./plan.ts";

export type RequestRow = {
  askedAt: Date;
  nextAt: Date | null;
  endedAt: Date | null;
  /** Entries that its last act had to leave because they are held. */
  held: number;
};

/** What the account asked for last, unless it took it back. */
export async function readRequest(db: Db, accountId: string): Promise<RequestRow | null> {
  const { rows } = await sql<RequestRow>`
    select asked_at as "askedAt", next_at as "nextAt", ended_at as "endedAt", coalesce((
      select held::int from erasure_act
      where kind = 'person' and plan ->> 'request' = request.id::text order by number desc limit 1
    ), 0) as held
    from erasure_request as request
    where account_id = ${accountId} and not is_withdrawn
    order by asked_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/**
 * Asks that what an account's own log says about it be erased, after a time in which it can be taken back.
 *
 * @returns from when; null when that was asked already.
 */
export async function insertRequest(
  tx: Tx,
  given: { id: string; accountId: string; askedBy: string; now: Date },
): Promise<Date | null> {
  const { id, accountId, askedBy, now } = given;
  const nextAt = new Date(now.getTime() + FORGETTING_WAITS_DAYS * DAY_MS);
  const row = await tx
    .insertInto("erasure_request")
    .values({ id, account_id: accountId, asked_by: askedBy, asked_at: now, next_at: nextAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row === undefined ? null : nextAt;
}

/** @returns false when nothing is asked that could be taken back. */
export async function withdrawRequest(tx: Tx, accountId: string, now: Date): Promise<boolean> {
  const row = await tx
    .updateTable("erasure_request")
    .set({ is_withdrawn: true, ended_at: now, next_at: null })
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

export type ElsewhereRow = { id: string; name: string | null; until: Date };

/** More are not told one by one. */
const ELSEWHERE_SHOWN = 200;

/**
 * Organisations of others in whose logs important entries touch the account, and until when the last of them
 * stays. An organisation's name is told to whoever did something there.
 */
export async function listElsewhere(db: Db, accountId: string): Promise<ElsewhereRow[]> {
  const { rows } = await sql<ElsewhereRow>`
    select organisation.id, case when touched.did then organisation.name end as name,
      touched.last_at + coalesce(policy.important_days, ${defaultPeriods.importantDays}::int) * interval '1 day' as until
    from (
      select entry.organisation_id, max(entry.at) as last_at,
        bool_or(entry.actor_id = ${accountId}::uuid and entry.outcome = 'done') as did
      from filed_subject as post join filed_entry as entry using (writer, number, position)
      where post.subject = ${accountId} and entry.organisation_id is not null
      group by entry.organisation_id
    ) as touched
    join organisation on organisation.id = touched.organisation_id
    left join retention_policy as policy on policy.organisation_id = organisation.id
    where exists (select from organisation_member as other
        where other.organisation_id = organisation.id and other.account_id <> ${accountId})
      or not exists (select from organisation_member as own
        where own.organisation_id = organisation.id and own.account_id = ${accountId})
    order by until desc, organisation.id limit ${ELSEWHERE_SHOWN}`.execute(db);
  return rows;
}
