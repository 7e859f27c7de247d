import { sql } from "kysely";
import type { RuleLevelName } from "../../platform/client-address/evaluate-rules.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { toStoredRules } from "./stored-rules.ts";
import { NO_RULES, stateAt, type RulesState, type StoredState } from "./rules-state.ts";

/** Whose rules: an app's, a service account's or a key's. */
export type RulesOwner = { level: RuleLevelName; ownerId: string };

/** The rules as they stand at `now`: those that were not confirmed in time have gone back. */
export async function findState(
  db: Db,
  { level, ownerId }: RulesOwner,
  now: Date,
): Promise<RulesState> {
  const row = await db
    .selectFrom("address_rules")
    .select(["mode", "entries", "reverts_at", "reverts_to", "went_back_at"])
    .where("level", "=", level)
    .where("owner_id", "=", ownerId)
    .executeTakeFirst();
  if (row === undefined) return { ...NO_RULES };
  const stored: StoredState = {
    current: toStoredRules(row),
    pending:
      row.reverts_at === null
        ? null
        : { revertsAt: row.reverts_at, revertsTo: toStoredRules(row.reverts_to) },
    wentBackAt: row.went_back_at,
  };
  return stateAt(stored, now);
}

export async function writeState(
  tx: Tx,
  { level, ownerId }: RulesOwner,
  { current, pending, wentBackAt, by, now }: RulesState & { by: string | null; now: Date },
): Promise<void> {
  const values = {
    mode: current.mode,
    entries: JSON.stringify(current.entries),
    reverts_at: pending?.revertsAt ?? null,
    reverts_to: pending === null ? null : JSON.stringify(pending.revertsTo),
    went_back_at: wentBackAt,
    changed_by: by,
    changed_at: now,
  };
  await tx
    .insertInto("address_rules")
    .values({ level, owner_id: ownerId, ...values })
    .onConflict((conflict) => conflict.columns(["level", "owner_id"]).doUpdateSet(values))
    .execute();
}

/** Makes a change that waits stay. False when none waits any more. */
export async function keepPending(
  tx: Tx,
  { level, ownerId }: RulesOwner,
  now: Date,
): Promise<boolean> {
  const row = await tx
    .updateTable("address_rules")
    .set({ reverts_at: null, reverts_to: null })
    .where("level", "=", level)
    .where("owner_id", "=", ownerId)
    .where("reverts_at", ">", now)
    .returning("owner_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes down that a change went back. It has by itself: this is what people are told by. False when it has not. */
export async function settleWentBack(
  tx: Tx,
  { level, ownerId }: RulesOwner,
  { revertsAt, now }: { revertsAt: Date; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update address_rules set mode = reverts_to ->> 'mode', entries = reverts_to -> 'entries',
      went_back_at = reverts_at, reverts_at = null, reverts_to = null
    where level = ${level} and owner_id = ${ownerId} and reverts_at = ${revertsAt} and reverts_at <= ${now}
    returning 1`.execute(tx);
  return rows.length > 0;
}

/**
 * Gives a key's successor the rules that are in force on the key, for good: it has no callers yet that
 * could be cut off, and a change confirmed for the old key alone would go back on the new one.
 */
export async function copyRulesInForce(
  tx: Tx,
  given: { fromKeyId: string; toKeyId: string; now: Date; by: string },
): Promise<void> {
  const { current } = await findState(tx, { level: "key", ownerId: given.fromKeyId }, given.now);
  if (current.mode === "off" && current.entries.length === 0) return;
  const owner: RulesOwner = { level: "key", ownerId: given.toKeyId };
  await writeState(tx, owner, { ...NO_RULES, current, by: given.by, now: given.now });
}
