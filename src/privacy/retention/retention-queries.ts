import { sql } from "kysely";
import type { RetentionPeriods } from "../../contract/privacy/retention.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { DEFAULT_PERIODS } from "../../record/erasure/periods.ts";

export type Policy = {
  periods: RetentionPeriods;
  next: { periods: RetentionPeriods; holdsFrom: Date } | null;
};

/** What the organisation chose; the default where it chose nothing. */
export async function readPolicy(db: Db, organisationId: string): Promise<Policy> {
  const row = await db
    .selectFrom("retention_policy")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .executeTakeFirst();
  if (row === undefined) return { periods: DEFAULT_PERIODS, next: null };
  const { next_at, next_routine_days, next_important_days, next_address_days } = row;
  const hasNext =
    next_at !== null &&
    next_routine_days !== null &&
    next_important_days !== null &&
    next_address_days !== null;
  return {
    periods: {
      routineDays: row.routine_days,
      importantDays: row.important_days,
      addressDays: row.address_days,
    },
    next: hasNext
      ? {
          periods: {
            routineDays: next_routine_days,
            importantDays: next_important_days,
            addressDays: next_address_days,
          },
          holdsFrom: next_at,
        }
      : null,
  };
}

export async function putPolicy(
  tx: Tx,
  given: { organisationId: string; accountId: string; now: Date } & Policy,
): Promise<void> {
  const { organisationId, accountId, now, periods, next } = given;
  const values = {
    routine_days: periods.routineDays,
    important_days: periods.importantDays,
    address_days: periods.addressDays,
    ...(next === null ? NOTHING_WAITS : waiting(next, { accountId, now })),
  };
  await tx
    .insertInto("retention_policy")
    .values({ organisation_id: organisationId, ...values })
    .onConflict((conflict) => conflict.column("organisation_id").doUpdateSet(values))
    .execute();
}

const NOTHING_WAITS = {
  next_routine_days: null,
  next_important_days: null,
  next_address_days: null,
  asked_at: null,
  asked_by: null,
  next_at: null,
} as const;

const waiting = (
  { periods, holdsFrom }: NonNullable<Policy["next"]>,
  { accountId, now }: { accountId: string; now: Date },
) => ({
  next_routine_days: periods.routineDays,
  next_important_days: periods.importantDays,
  next_address_days: periods.addressDays,
  asked_at: now,
  asked_by: accountId,
  next_at: holdsFrom,
});

export type ActRow = {
  number: number;
  endedAt: Date;
  entries: number;
  parts: number;
  held: number;
  first: number | null;
  last: number | null;
};

const ACTS_SHOWN = 30;

/** What went of the organisation's log lately, or was held. */
export async function listActs(db: Db, organisationId: string): Promise<ActRow[]> {
  const { rows } = await sql<ActRow>`
    select act.number::float8 as number, act.ended_at as "endedAt", taken.entries::float8 as entries,
      taken.parts::float8 as parts, taken.held::float8 as held, act.first_leaf::float8 as first, act.last_leaf::float8 as last
    from erasure_count as taken join erasure_act as act on act.number = taken.act
    where taken.organisation_id = ${organisationId} and act.ended_at is not null
    order by act.number desc limit ${ACTS_SHOWN}`.execute(db);
  return rows;
}

export type Older = { routine: number; important: number; addresses: number };

/** How many entries of the organisation's apps are older than these instants, by what is counted by the hour. */
export async function countOlder(
  db: Db,
  organisationId: string,
  before: { routine: Date; important: Date; address: Date },
): Promise<Older> {
  const latest = new Date(Math.max(...Object.values(before).map((instant) => instant.getTime())));
  const { rows } = await sql<Older>`
    with tallied as materialized (
      select distinct post.hour, post.key
      from app join entry_tally_subject as post on post.subject = app.id
      where app.organisation_id = ${organisationId} and post.hour < ${latest}::timestamptz
    )
    select
      coalesce(sum(count) filter (where class = 'routine' and hour < ${before.routine}::timestamptz), 0)::float8 as routine,
      coalesce(sum(count) filter (where class = 'important' and hour < ${before.important}::timestamptz), 0)::float8 as important,
      coalesce(sum(count) filter (where address is not null and hour < ${before.address}::timestamptz), 0)::float8 as addresses
    from tallied join entry_tally using (hour, key)`.execute(db);
  return rows[0] ?? { routine: 0, important: 0, addresses: 0 };
}
