import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";
import { defaultPeriods, leastPeriods } from "../../contract/record/retention.ts";
import type { Periods } from "./plan.ts";

type PolicyRow = { organisation: string; routine: number; important: number; address: number };

const columns = sql`organisation_id as organisation, routine_days as routine, important_days as important, address_days as address`;

/** What organisations chose, by their ids. */
export async function readPolicies(db: Db): Promise<Record<string, Periods>> {
  const { rows } = await sql<PolicyRow>`
    select ${columns} from retention_policy order by organisation_id`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.organisation, toPeriods(row)]));
}

/** Never less than the least, whatever stands in the table. */
const toPeriods = ({ routine, important, address }: PolicyRow): Periods => ({
  routineDays: Math.max(routine, leastPeriods.routineDays),
  importantDays: Math.max(important, leastPeriods.importantDays),
  addressDays: Math.max(address, leastPeriods.addressDays),
});

/** Periods of an organisation that chose none, and of entries that are in no organisation's log. */
export const DEFAULT_PERIODS: Periods = { ...defaultPeriods };

/** Shorter periods whose time to wait is over hold from now on. @returns whose. */
export async function applyShortened(tx: Tx, now: Date): Promise<string[]> {
  const { rows } = await sql<{ organisation: string }>`
    update retention_policy set routine_days = next_routine_days, important_days = next_important_days,
      address_days = next_address_days, next_routine_days = null, next_important_days = null,
      next_address_days = null, asked_at = null, asked_by = null, next_at = null
    where next_at <= ${now}::timestamptz
    returning organisation_id as organisation`.execute(tx);
  return rows.map(({ organisation }) => organisation);
}
