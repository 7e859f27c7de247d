import { sql } from "kysely";
import type { Db, Tx } from "../../platform/db/db.ts";

/** Addresses kept for one key, and remembered between two writings. */
export const MAX_CALLERS_PER_KEY = 32;

/** Uses from one address since the last writing; times in ms since 1970, 0 for never. */
export type CallerUse = {
  firstSeenAtMs: number;
  lastAllowedAtMs: number;
  lastRefusedAtMs: number;
  allowed: number;
  refused: number;
};

/** Uses of one key since the last writing. */
export type KeyUse = {
  /** The last use that was allowed, ms since 1970; 0 for none. */
  lastUsedAtMs: number;
  lastUsedAddress: string | null;
  callers: Map<string, CallerUse>;
};

/** Keys written in one transaction: it holds their rows locked. */
const KEYS_PER_WRITE = 500;

/**
 * Adds what was noted in memory to what is stored, and takes out of `uses` what is written: if a later
 * part fails, only that is tried again. Safe beside other processes that write the same keys.
 */
export async function writeUsage(db: Db, uses: Map<string, KeyUse>): Promise<void> {
  const all = [...uses];
  for (let from = 0; from < all.length; from += KEYS_PER_WRITE) {
    const some = all.slice(from, from + KEYS_PER_WRITE);
    await db.transaction().execute((tx) => writeSome(tx, some));
    for (const [keyId] of some) uses.delete(keyId);
  }
}

async function writeSome(tx: Tx, uses: readonly (readonly [string, KeyUse])[]): Promise<void> {
  // In one order in every process, so that no two wait for each other.
  const { rows } = await sql<{ id: string }>`
    select id from api_key where id = any(${uses.map(([keyId]) => keyId)}::text[]) order by id for no key update`.execute(
    tx,
  );
  const known = new Set(rows.map((row) => row.id));
  const kept = uses.filter(([keyId]) => known.has(keyId));
  await writeLastUse(tx, kept);
  await writeCallers(tx, kept);
  await dropSurplus(
    tx,
    kept.map(([keyId]) => keyId),
  );
}

async function writeLastUse(tx: Tx, uses: readonly (readonly [string, KeyUse])[]): Promise<void> {
  const used = uses.filter(([, use]) => use.lastUsedAtMs > 0);
  await sql`
    update api_key set last_used_at = new.at, last_used_address = new.address
    from unnest(
      ${used.map(([keyId]) => keyId)}::text[],
      ${used.map(([, use]) => new Date(use.lastUsedAtMs))}::timestamptz[],
      ${used.map(([, use]) => use.lastUsedAddress)}::inet[]) as new (id, at, address)
    where api_key.id = new.id and (api_key.last_used_at is null or api_key.last_used_at <= new.at)`.execute(
    tx,
  );
}

async function writeCallers(tx: Tx, uses: readonly (readonly [string, KeyUse])[]): Promise<void> {
  const callers = uses.flatMap(([keyId, use]) =>
    [...use.callers].map(([address, caller]) => ({ keyId, address, ...caller })),
  );
  await sql`
    insert into key_caller as old
      (key_id, address, first_seen_at, last_allowed_at, last_refused_at, allowed_count, refused_count)
    select * from unnest(
      ${callers.map((caller) => caller.keyId)}::text[],
      ${callers.map((caller) => caller.address)}::inet[],
      ${callers.map((caller) => new Date(caller.firstSeenAtMs))}::timestamptz[],
      ${callers.map((caller) => instant(caller.lastAllowedAtMs))}::timestamptz[],
      ${callers.map((caller) => instant(caller.lastRefusedAtMs))}::timestamptz[],
      ${callers.map((caller) => caller.allowed)}::bigint[],
      ${callers.map((caller) => caller.refused)}::bigint[])
    on conflict (key_id, address) do update set
      first_seen_at = least(old.first_seen_at, excluded.first_seen_at),
      last_allowed_at = greatest(old.last_allowed_at, excluded.last_allowed_at),
      last_refused_at = greatest(old.last_refused_at, excluded.last_refused_at),
      allowed_count = old.allowed_count + excluded.allowed_count,
      refused_count = old.refused_count + excluded.refused_count`.execute(tx);
}

const instant = (ms: number): Date | null => (ms === 0 ? null : new Date(ms));

/** Keeps the addresses used last; those that were only ever refused go first. */
async function dropSurplus(tx: Tx, keyIds: readonly string[]): Promise<void> {
  await sql`
    delete from key_caller using (
      select key_id, address, row_number() over (
        partition by key_id order by last_allowed_at desc nulls last, last_refused_at desc nulls last) as place
      from key_caller where key_id = any(${[...keyIds]}::text[])) as ranked
    where ranked.place > ${MAX_CALLERS_PER_KEY}
      and key_caller.key_id = ranked.key_id and key_caller.address = ranked.address`.execute(tx);
}
