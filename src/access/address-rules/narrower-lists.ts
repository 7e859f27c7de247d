import { sql } from "kysely";
import type { AddressRules } from "../../contract/access/address-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import type { RulesOwner } from "./rule-queries.ts";
import { toStoredRules } from "./stored-rules.ts";
import { stateAt } from "./rules-state.ts";

type NarrowerList = AddressRules["narrower"][number];

/** Named with the rules above them; the rest is found with its owner. */
const MAX_SHOWN = 100;

type Row = {
  level: "service-account" | "key";
  id: string;
  serviceAccountId: string;
  name: string;
  mode: string;
  entries: unknown;
  reverts_at: Date | null;
  reverts_to: unknown;
  went_back_at: Date | null;
};

/**
 * Lists further down that do something now: of an app's service accounts and of their live keys, or of a service
 * account's keys. Whoever sees that a list above is off sees here that it is not all there is.
 */
export async function narrowerLists(
  db: Db,
  { level, ownerId }: RulesOwner,
  now: Date,
): Promise<NarrowerList[]> {
  if (level === "key") return [];
  const { rows } = await sql<Row>`
    select rules.level, rules.owner_id as id, service.account_id as "serviceAccountId",
      coalesce(key.name, account.display_name) as name,
      rules.mode, rules.entries, rules.reverts_at, rules.reverts_to, rules.went_back_at
    from service_account service
    join account on account.id = service.account_id
    join lateral (
      select 'service-account' as level, service.account_id::text as id, null as name
        where ${level === "app"}
      union all
      select 'key', api_key.id, api_key.name from api_key
        where api_key.account_id = service.account_id and revoked_at is null and expires_at > ${now}
    ) key on true
    join address_rules rules on rules.level = key.level and rules.owner_id = key.id
    where service.deleted_at is null
      and ${level === "app" ? sql`service.app_id` : sql`service.account_id`} = ${ownerId}
    order by account.display_name, service.account_id, rules.level desc, name, id`.execute(db);
  return rows.flatMap((row) => listAt(row, now)).slice(0, MAX_SHOWN);
}

/** As it stands at `now`; nothing where it is off. */
function listAt(row: Row, now: Date): NarrowerList[] {
  const pending =
    row.reverts_at === null
      ? null
      : { revertsAt: row.reverts_at, revertsTo: toStoredRules(row.reverts_to) };
  const stored = { current: toStoredRules(row), pending, wentBackAt: row.went_back_at };
  const { mode } = stateAt(stored, now).current;
  if (mode === "off") return [];
  const { level, id, serviceAccountId, name } = row;
  return [{ level, id, serviceAccountId, name, mode }];
}
