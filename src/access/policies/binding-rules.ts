import { strictestRules, type StrictestRules } from "../../contract/identity/strictest-rules.ts";
import type { Db } from "../../platform/db/db.ts";
import { listTies } from "./tie-queries.ts";

/** Port: which password rules bind an account at a moment. */
export async function passwordRules(
  db: Db,
  {
    accountId,
    changedAt,
    distrustedAt,
    now,
  }: { accountId: string; changedAt: Date | null; distrustedAt: Date | null; now: Date },
): Promise<StrictestRules> {
  const ties = await listTies(db, { accountIds: [accountId], now });
  return strictestRules(ties.get(accountId) ?? [], changedAt, distrustedAt);
}
