import { sql, type RawBuilder } from "kysely";
import { actions } from "../../contract/actions.ts";
import type { Db } from "../../platform/db/db.ts";
import type { EntryScope } from "../../ports.ts";
import type { EntryOutcome } from "../entries/entry.ts";
import { asUuid } from "../entries/storable.ts";
import type { EntryFilter } from "./entry-filter.ts";
import type { SummarySpan } from "./summary-span.ts";

/** Groups taken of each kind; more are left out, the least of them. */
const MAX_GROUPS = 300;

export const signInActions: readonly string[] = [
  "session.signed-in",
  "session.second-factor-passed",
  "session.recovery-code-used",
  "session.signed-in-by-passkey",
];
/** A password alone signs nobody in. */
export const signedInActions: readonly string[] = signInActions.slice(1);

const routineActions = Object.entries(actions)
  .filter(([, entryClass]) => entryClass === "routine")
  .map(([action]) => action);

export const isRoutineAction = (action: string): boolean => routineActions.includes(action);

export type SignIn = "in" | "refused" | null;

export type HourCount = { hour: Date; outcome: EntryOutcome; signIn: SignIn; count: number };
export type AddressCount = { address: string; outcome: EntryOutcome; count: number };
export type FoldCount = {
  actorKind: string;
  actorId: string | null;
  actorName?: string | undefined;
  credentialId: string | null;
  appId: string | null;
  mayNameApp: boolean;
  action: string;
  outcome: EntryOutcome;
  count: number;
  lastAt: Date;
};

export type TallySearch = {
  db: Db;
  scope: EntryScope;
  subjects: readonly string[];
  filter: EntryFilter;
  span: SummarySpan;
};

export type Tallied = { hours: HourCount[]; addresses: AddressCount[]; folds: FoldCount[] };

type Counted<Row> = (Omit<Row, "count"> & { count: string })[] | null;

/** What the filer has counted, as the reader may see it: the same rules as in visible-entry.ts. */
export async function readTallied(search: TallySearch): Promise<Tallied> {
  const { rows } = await sql<{
    hours: Counted<Omit<HourCount, "hour"> & { hour: string }>;
    addresses: Counted<AddressCount>;
    folds: Counted<Omit<FoldCount, "lastAt"> & { lastAt: string }>;
  }>`
    with seen as materialized (${seenTallies(search)}), hours as (
      select hour, outcome, case
          when outcome = 'done' and action = any(${signedInActions}::text[]) then 'in'
          when outcome = 'refused' and action = any(${signInActions}::text[]) then 'refused'
        end as "signIn", sum(count)::text as count
      from seen group by 1, 2, 3
    ), addresses as (
      select host(address) as address, outcome, sum(count)::text as count, sum(sum(count)) over (partition by address) as whole
      from seen where address is not null group by seen.address, outcome
      order by whole desc, address limit ${MAX_GROUPS}
    ), folds as (
      select actor_kind as "actorKind", actor_id as "actorId", credential_id as "credentialId", app_id as "appId",
        may_name_app as "mayNameApp", action, outcome, sum(count)::text as count, max(last_at) as "lastAt"
      from seen where action = any(${routineActions}::text[])
      group by 1, 2, 3, 4, 5, 6, 7
      order by "lastAt" desc limit ${MAX_GROUPS}
    )
    select (select json_agg(hours) from hours) as hours, (select json_agg(addresses) from addresses) as addresses,
      (select json_agg(folds) from folds) as folds`.execute(search.db);
  const [row] = rows;
  return {
    hours: numbered(row?.hours).map((group) => ({ ...group, hour: new Date(group.hour) })),
    addresses: numbered(row?.addresses),
    folds: numbered(row?.folds).map((group) => ({ ...group, lastAt: new Date(group.lastAt) })),
  };
}

const numbered = <Group extends { count: string }>(
  groups: readonly Group[] | null | undefined,
): (Omit<Group, "count"> & { count: number })[] =>
  (groups ?? []).map((group) => ({ ...group, count: Number(group.count) }));

/** The counts in the reader's scope that fit the filter, without what is not theirs to see. */
function seenTallies({ scope, subjects, filter, span }: TallySearch): RawBuilder<unknown> {
  const account = asUuid(scope.accountId);
  return sql`
    select hour, action, outcome, count, last_at, actor_kind, actor_id, credential_id, address, may_name_app, app_id
    from (
      select hour, action, outcome, class, count, last_at, actor_kind, actor_id,
        case when is_close then credential_id end as credential_id,
        case when is_close then address end as address,
        coalesce(is_audited and (not is_own or app_id = any(audited)), false) or is_own and outcome = 'done' as may_name_app,
        case when is_own and is_guess and not is_audited then null
          when not is_own and is_audited and not coalesce(app_id = any(audited), false) then audited[1]
          else app_id end as app_id,
        case when is_own and is_guess and not is_audited then '{}'::uuid[]
          when is_own then apps when is_audited then audited
          else array_remove(array[app_id], null) end as shown_apps
      from (
        select tally.*, coalesce(actor_id = ${account}::uuid, false) as is_own, cardinality(mine.audited) > 0 as is_audited,
          mine.audited,
          coalesce(actor_id = ${account}::uuid, false) or cardinality(mine.audited) > 0
            or (actor_id is null and actor_kind <> 'operator-key') as is_close
        from (
          select distinct hour, key from entry_tally_subject
          where subject = any(${subjects}::uuid[])
            and hour >= ${new Date(span.fromMs)}::timestamptz and hour < ${new Date(span.toMs)}::timestamptz
        ) as post
        join entry_tally as tally using (hour, key)
        cross join lateral (
          select coalesce(array_agg(app order by app = tally.app_id desc nulls last, app), '{}') as audited
          from unnest(tally.apps) as app where app = any(${scope.appIds}::uuid[])
        ) as mine
      ) as told
    ) as shown
    where ${fits(filter)}`;
}

function fits(filter: EntryFilter): RawBuilder<unknown> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  const { actions: wanted, actionPrefixes = [], outcomes, classes, actorIds } = filter;
  if (wanted !== undefined)
    conditions.push(
      sql`(action = any(${wanted}::text[]) or action like any(${actionPrefixes.map((prefix) => `${prefix}%`)}::text[]))`,
    );
  if (outcomes !== undefined) conditions.push(sql`outcome = any(${outcomes}::text[])`);
  if (classes !== undefined) conditions.push(sql`class = any(${classes}::text[])`);
  if (actorIds !== undefined) conditions.push(sql`actor_id = any(${actorIds}::uuid[])`);
  if (filter.credentialIds !== undefined)
    conditions.push(sql`credential_id = any(${filter.credentialIds}::text[])`);
  if (filter.appIds !== undefined) conditions.push(sql`shown_apps && ${filter.appIds}::uuid[]`);
  if (filter.cidrs !== undefined) conditions.push(sql`address <<= any(${filter.cidrs}::inet[])`);
  return sql.join(conditions, sql` and `);
}
