import type { RetentionPeriods } from "../../contract/privacy/retention.ts";
import { SHORTENING_WAITS_DAYS } from "../../contract/record/retention.ts";
import { DAY_MS } from "../../record/erasure/plan.ts";
import type { Policy } from "./retention-queries.ts";

/** What holds at once, and what waits: longer is longer at once, and nothing gets shorter without time to notice. */
export function combine(present: RetentionPeriods, wanted: RetentionPeriods, now: Date): Policy {
  const longest = (name: keyof RetentionPeriods): number => Math.max(present[name], wanted[name]);
  const periods = {
    routineDays: longest("routineDays"),
    importantDays: longest("importantDays"),
    addressDays: longest("addressDays"),
  };
  const isShorter =
    wanted.routineDays < periods.routineDays ||
    wanted.importantDays < periods.importantDays ||
    wanted.addressDays < periods.addressDays;
  const holdsFrom = new Date(now.getTime() + SHORTENING_WAITS_DAYS * DAY_MS);
  return { periods, next: isShorter ? { periods: wanted, holdsFrom } : null };
}
