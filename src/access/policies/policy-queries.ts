import { sql } from "kysely";
import {
  NO_RULES,
  policyPresets,
  type PasswordRules,
  type PolicyPreset,
} from "../../contract/identity/password-rules.ts";
import { shortestAge, type AgeRule } from "../../contract/identity/strictest-rules.ts";
import type { Db, Tx } from "../../platform/db/db.ts";

/** What an organisation asks, and how it came to it. */
export type StoredPolicy = {
  preset: PolicyPreset;
  rules: PasswordRules;
  ages: AgeRule[];
  reason: string | null;
  changedAt: Date | null;
  changedBy: string | null;
};

const NOTHING_ASKED: StoredPolicy = {
  preset: "none",
  rules: NO_RULES,
  ages: [],
  reason: null,
  changedAt: null,
  changedBy: null,
};

export async function readPolicy(db: Db, organisationId: string): Promise<StoredPolicy> {
  return (await readPolicies(db, [organisationId])).get(organisationId) ?? NOTHING_ASKED;
}

export async function readPolicies(
  db: Db,
  organisationIds: readonly string[],
): Promise<Map<string, StoredPolicy>> {
  if (organisationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("password_policy")
    .selectAll()
    .where("organisation_id", "in", [...organisationIds])
    .execute();
  return new Map(
    rows.map((row) => {
      const ages = row.age_days.map((days, index) => ({ days, since: sinceOf(row, index) }));
      return [
        row.organisation_id,
        {
          preset: presetOf(row.preset),
          rules: {
            minLength: row.min_length,
            needsCapital: row.needs_capital,
            needsNumber: row.needs_number,
            needsSpecial: row.needs_special,
            maxAgeDays: shortestAge({ ages }),
            reuseDays: row.reuse_days,
            idleMinutes: row.idle_minutes,
          },
          ages,
          reason: row.reason,
          changedAt: row.changed_at,
          changedBy: row.changed_by,
        },
      ];
    }),
  );
}

function sinceOf({ age_since: since }: { age_since: Date[] }, index: number): Date {
  const at = since[index];
  if (at === undefined) throw new Error("the schema lets no age in without its beginning");
  return at;
}

/** A preset as the database holds it; its schema has the same list. */
function presetOf(stored: string): PolicyPreset {
  const preset = policyPresets.find((candidate) => candidate === stored);
  if (preset === undefined) throw new Error("the schema lets no other preset in");
  return preset;
}

export async function putPolicy(
  tx: Tx,
  organisationId: string,
  { preset, rules, ages, ...rest }: StoredPolicy & { changedAt: Date },
): Promise<void> {
  const values = {
    preset,
    min_length: rules.minLength,
    needs_capital: rules.needsCapital,
    needs_number: rules.needsNumber,
    needs_special: rules.needsSpecial,
    reuse_days: rules.reuseDays,
    idle_minutes: rules.idleMinutes,
    age_days: ages.map(({ days }) => days),
    age_since: ages.map(({ since }) => since),
    reason: rest.reason,
    changed_at: rest.changedAt,
    changed_by: rest.changedBy,
  };
  await tx
    .insertInto("password_policy")
    .values({ organisation_id: organisationId, ...values })
    .onConflict((conflict) => conflict.column("organisation_id").doUpdateSet(values))
    .execute();
}

/**
 * Asks people for another password at once. Whom this organisation asked since `notSince` is left in peace,
 * and who has no password has none to change.
 *
 * @returns who is asked now.
 */
export async function demandPasswordsOf(
  tx: Tx,
  given: {
    organisationId: string;
    accountIds: readonly string[];
    demandedBy: string;
    now: Date;
    notSince: Date;
  },
): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    with asked as (
      insert into password_demand (account_id, organisation_id, demanded_at, demanded_by)
      select id, ${given.organisationId}::uuid,
        -- Later than the password that it ends, also when that was set in this very millisecond.
        greatest(${given.now}::timestamptz, password_changed_at + interval '1 ms'), ${given.demandedBy}::uuid
      from account where id = any(${given.accountIds}::uuid[]) and password_hash is not null
      order by id for no key update
      on conflict (account_id, organisation_id) do update
        set demanded_at = excluded.demanded_at, demanded_by = excluded.demanded_by
        where password_demand.demanded_at <= ${given.notSince}::timestamptz
      returning account_id, demanded_at
    )
    update account set password_demanded_at = greatest(password_demanded_at, asked.demanded_at)
    from asked where account.id = asked.account_id
    returning asked.account_id`.execute(tx);
  return rows.map((row) => row.account_id);
}
