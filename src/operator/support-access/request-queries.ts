import { sql } from "kysely";
import type { SupportCase } from "../../contract/operator/support-access.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

/** Cases shown; older ones stand in the log. */
const MAX_CASES = 200;

/** The app that is asked about, locked: of two questions at once the second finds the first. */
export async function lockApp(
  tx: Tx,
  appId: string,
): Promise<{ name: string; organisation_id: string } | undefined> {
  return await tx
    .selectFrom("app")
    .select(["name", "organisation_id"])
    .where("id", "=", appId)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

export async function insertRequest(
  tx: Tx,
  request: {
    id: string;
    appId: string;
    askedBy: string;
    reason: string;
    hours: number;
    createdAt: Date;
    endsAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("support_request")
    .values({
      id: request.id,
      app_id: request.appId,
      asked_by: request.askedBy,
      reason: request.reason,
      hours: request.hours,
      created_at: request.createdAt,
      ends_at: request.endsAt,
    })
    .execute();
}

/** Questions about an app that nobody has answered, newest first. */
export async function listOpenRequests(db: Db, { appId, now }: { appId: string; now: Date }) {
  return await db
    .selectFrom("support_request as request")
    .innerJoin("account", "account.id", "request.asked_by")
    .select([
      "request.id",
      "request.reason",
      "request.hours",
      "request.asked_by",
      "account.display_name",
      "request.created_at",
      "request.ends_at",
    ])
    .where("request.app_id", "=", appId)
    .where("request.answered_at", "is", null)
    .where("request.ends_at", ">", now)
    .orderBy("request.created_at", "desc")
    .orderBy("request.id", "desc")
    .execute();
}

/** With a consent, or refused (null). False when the app has no such question that is still open. */
export async function answerRequest(
  tx: Tx,
  given: { appId: string; requestId: string; consentId: string | null; now: Date },
): Promise<boolean> {
  const answered = await tx
    .updateTable("support_request")
    .set({ answered_at: given.now, consent_id: given.consentId })
    .where("id", "=", given.requestId)
    .where("app_id", "=", given.appId)
    .where("answered_at", "is", null)
    .where("ends_at", ">", given.now)
    .returning("id")
    .executeTakeFirst();
  return answered !== undefined;
}

export type CaseRow = Omit<SupportCase, "createdAt" | "endsAt"> & {
  createdAt: Date;
  endsAt: Date;
};

/** Questions and consents of all apps, newest first; a question that was agreed to is its consent. */
export async function listCases(db: Db, now: Date): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`
    select found.id, app.id as "appId", app.name as "appName", organisation.name as "organisationName",
      state, reason, account.display_name as by, found.created_at as "createdAt", ends_at as "endsAt"
    from (
      (select id, app_id, asked_by as account_id, reason, created_at,
        case when answered_at is not null then 'refused' when ends_at > ${now}::timestamptz then 'asked' else 'unanswered' end as state,
        coalesce(answered_at, ends_at) as ends_at
      from support_request where consent_id is null
      order by created_at desc, id limit ${MAX_CASES})
      union all
      (select id, app_id, given_by, reason, created_at,
        case when withdrawn_at is not null then 'withdrawn' when ends_at > ${now}::timestamptz then 'given' else 'ended' end,
        coalesce(withdrawn_at, ends_at)
      from support_consent
      order by created_at desc, id limit ${MAX_CASES})
    ) as found
    join app on app.id = found.app_id
    join organisation on organisation.id = app.organisation_id
    join account on account.id = found.account_id
    order by found.created_at desc, found.id limit ${MAX_CASES}`.execute(db);
  return rows;
}
