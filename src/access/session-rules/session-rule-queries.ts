import type { Db, Tx } from "../../platform/db/db.ts";
import { NO_RULES, stateAt, type RulesState } from "../address-rules/rules-state.ts";
import { toStoredRules } from "../address-rules/stored-rules.ts";

export type SessionRulesState = RulesState & { heldOffUntil: Date | null };

/** The list as it stands at `now`: one that was not confirmed in time has gone back. */
export async function findSessionRules(
  db: Db,
  { accountId, now }: { accountId: string; now: Date },
): Promise<SessionRulesState> {
  const row = await db
    .selectFrom("session_rules")
    .select(["mode", "entries", "reverts_at", "reverts_to", "held_off_until"])
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  if (row === undefined) return { ...NO_RULES, heldOffUntil: null };
  const pending =
    row.reverts_at === null
      ? null
      : { revertsAt: row.reverts_at, revertsTo: toStoredRules(row.reverts_to) };
  const heldOffUntil = row.held_off_until;
  return {
    ...stateAt({ current: toStoredRules(row), pending, wentBackAt: null }, now),
    heldOffUntil: heldOffUntil !== null && heldOffUntil > now ? heldOffUntil : null,
  };
}

export async function writeSessionRules(
  tx: Tx,
  accountId: string,
  { current, pending, now }: RulesState & { now: Date },
): Promise<void> {
  const values = {
    mode: current.mode,
    entries: JSON.stringify(current.entries),
    reverts_at: pending?.revertsAt ?? null,
    reverts_to: pending === null ? null : JSON.stringify(pending.revertsTo),
    changed_at: now,
  };
  await tx
    .insertInto("session_rules")
    .values({ account_id: accountId, ...values })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(values))
    .execute();
}

/** Makes a change that waits stay. False when none waits any more. */
export async function keepSessionRules(
  tx: Tx,
  { accountId, now }: { accountId: string; now: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable("session_rules")
    .set({ reverts_at: null, reverts_to: null })
    .where("account_id", "=", accountId)
    .where("reverts_at", ">", now)
    .returning("account_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** False when the account has no list. */
export async function holdOff(
  tx: Tx,
  { accountId, until }: { accountId: string; until: Date },
): Promise<boolean> {
  const row = await tx
    .updateTable("session_rules")
    .set({ held_off_until: until })
    .where("account_id", "=", accountId)
    .returning("account_id")
    .executeTakeFirst();
  return row !== undefined;
}

export type SeenAddress = { address: string | null; lastSeenAt: Date };

/** Where the account's sessions were last used from, the latest first; null where it could not be told. */
export async function listSeenAddresses(
  db: Db,
  { accountId, since, limit }: { accountId: string; since: Date; limit: number },
): Promise<SeenAddress[]> {
  const rows = await db
    .selectFrom("session")
    .select(["address", (eb) => eb.fn.max("last_seen_at").as("lastSeenAt")])
    .where("account_id", "=", accountId)
    .where("last_seen_at", ">", since)
    .where("level", "=", "full")
    .where((eb) => eb.or([eb("end_reason", "is", null), eb("end_reason", "<>", "not-me")]))
    .groupBy("address")
    .orderBy("lastSeenAt", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ address, lastSeenAt }) => ({ address, lastSeenAt: new Date(lastSeenAt) }));
}
