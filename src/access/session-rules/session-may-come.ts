import { compileRules, matchRules } from "../../platform/client-address/evaluate-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import { findSessionRules } from "./session-rule-queries.ts";

/**
 * Port: whether a session of the account may be used from an address at a moment. Read from the primary at each
 * request, so that a list holds at once, on every process, for sessions that are open, too (T16). An address that
 * could not be told is on no list (T14).
 */
export async function sessionMayCome(
  db: Db,
  { accountId, address, now }: { accountId: string; address: string | null; now: Date },
): Promise<boolean> {
  const { current, heldOffUntil } = await findSessionRules(db, { accountId, now });
  if (current.mode !== "enforce" || heldOffUntil !== null) return true;
  return address !== null && matchRules(compileRules(current.entries), address) !== -1;
}
