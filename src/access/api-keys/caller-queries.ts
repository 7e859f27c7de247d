import { sql } from "kysely";
import { GATEWAY_ROLE } from "../../contract/access/permissions.ts";
import type { RuleLevelName } from "../../platform/client-address/evaluate-rules.ts";
import type { Db } from "../../platform/db/db.ts";

/** Somebody who used a key: from where, when, how often. */
export type KeyCaller = {
  keyId: string;
  address: string;
  firstSeenAt: Date;
  /** The last use, allowed or refused. */
  lastSeenAt: Date;
  lastAllowedAt: Date | null;
  /** Uses that were allowed, since the address is remembered. */
  count: number;
  refusedCount: number;
};

/** Which keys: all of an app but its gateways' (its list does not bind those), of a service account, or one. */
export type KeySelection = { level: RuleLevelName; ownerId: string };

/** Who used these keys, where they are live, after `since`: most recent first, at most `limit`. */
export async function listCallers(
  db: Db,
  {
    selection,
    since,
    now,
    limit,
  }: { selection: KeySelection; since: Date; now: Date; limit: number },
): Promise<KeyCaller[]> {
  const lastSeenAt = sql<Date>`greatest(caller.last_allowed_at, caller.last_refused_at)`;
  const rows = await callersOf(db, selection)
    .where("api_key.revoked_at", "is", null)
    .where("api_key.expires_at", ">", now)
    .where(lastSeenAt, ">", since)
    .orderBy(lastSeenAt, "desc")
    .orderBy("caller.key_id")
    .orderBy("caller.address")
    .limit(limit)
    .execute();
  return rows.map(toCaller);
}

/** Everybody whose use of these live keys was allowed after `since`, most recent first. */
export async function listAllowedCallers(
  db: Db,
  { selection, since, now }: { selection: KeySelection; since: Date; now: Date },
): Promise<KeyCaller[]> {
  const rows = await callersOf(db, selection)
    .where("api_key.revoked_at", "is", null)
    .where("api_key.expires_at", ">", now)
    .where("caller.last_allowed_at", ">", since)
    .orderBy("caller.last_allowed_at", "desc")
    .execute();
  return rows.map(toCaller);
}

/** Everybody remembered of one key, live or not. */
export async function listCallersOfKey(db: Db, keyId: string): Promise<KeyCaller[]> {
  const rows = await callersOf(db, { level: "key", ownerId: keyId }).execute();
  return rows.map(toCaller).toSorted((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime());
}

function callersOf(db: Db, { level, ownerId }: KeySelection) {
  const callers = db
    .selectFrom("key_caller as caller")
    .innerJoin("api_key", "api_key.id", "caller.key_id")
    .innerJoin("service_account as service", "service.account_id", "api_key.account_id")
    .selectAll("caller");
  if (level === "key") return callers.where("api_key.id", "=", ownerId);
  if (level === "service-account") return callers.where("service.account_id", "=", ownerId);
  return callers
    .where("service.app_id", "=", ownerId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("access_grant as held")
            .select("held.id")
            .whereRef("held.account_id", "=", "service.account_id")
            .whereRef("held.app_id", "=", "service.app_id")
            .where("held.role", "=", GATEWAY_ROLE),
        ),
      ),
    );
}

function toCaller(row: {
  key_id: string;
  address: string;
  first_seen_at: Date;
  last_allowed_at: Date | null;
  last_refused_at: Date | null;
  allowed_count: string;
  refused_count: string;
}): KeyCaller {
  const { last_allowed_at: lastAllowedAt, last_refused_at: lastRefusedAt } = row;
  return {
    keyId: row.key_id,
    address: row.address,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: latest(lastAllowedAt, lastRefusedAt),
    lastAllowedAt,
    count: Number(row.allowed_count),
    refusedCount: Number(row.refused_count),
  };
}

/** One of both is set: the table says so. */
function latest(a: Date | null, b: Date | null): Date {
  return new Date(Math.max(a?.getTime() ?? 0, b?.getTime() ?? 0));
}
