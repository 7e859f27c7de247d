import { sql } from "kysely";
import type { SessionLevel } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { levelOf } from "./session-level.ts";

export type LiveSession = {
  id: string;
  account_id: string;
  level: SessionLevel;
  stepped_up_at: Date | null;
  last_seen_at: Date;
  is_operator: boolean;
} & PasswordAge &
  AddressBound;

/** Whether its account has a list of addresses: most have none, and cost no question more. */
type AddressBound = { has_rules: boolean };

const hasRules = sql<boolean>`exists (
  select from session_rules where session_rules.account_id = session.account_id)`.as("has_rules");

/** What tells, mostly by itself, that an account's password has not ended. */
export type PasswordAge = {
  password_changed_at: Date | null;
  /** When an organisation last asked for another one at once. */
  password_demanded_at: Date | null;
  /** When its holder said that a stranger had signed in. */
  password_distrusted_at: Date | null;
};

const passwordAge = [
  "password_changed_at",
  "password_demanded_at",
  "password_distrusted_at",
] as const;

/** The live session of a token; undefined when it ended, or its account is disabled. */
export async function findLiveSession(
  db: Db,
  { tokenHash, now }: { tokenHash: Buffer; now: Date },
): Promise<LiveSession | undefined> {
  const row = await db
    .selectFrom("session")
    .innerJoin("account", "account.id", "session.account_id")
    .select(["session.id", "account_id", "level", "stepped_up_at", "last_seen_at", "is_operator"])
    .select([...passwordAge, hasRules])
    .where("token_hash", "=", tokenHash)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  return row && { ...row, level: levelOf(row.level) };
}

/** Notes that a session is in use, unless another request just did. A single statement of its own: nothing hangs on it. */
export async function touchSession(
  db: Db,
  {
    sessionId,
    address,
    now,
    seenBefore,
  }: { sessionId: string; address: string | null; now: Date; seenBefore: Date },
): Promise<void> {
  await db
    .updateTable("session")
    .set({ last_seen_at: now, ...(address !== null && { address }) })
    .where("id", "=", sessionId)
    .where("last_seen_at", "<=", seenBefore)
    .where("ended_at", "is", null)
    .execute();
}

/** Ends a session that has not been used since. */
export async function endIdle(
  db: Db,
  { sessionId, lastSeenAt, now }: { sessionId: string; lastSeenAt: Date; now: Date },
): Promise<void> {
  await db
    .updateTable("session")
    .set({ ended_at: now, end_reason: "idle" })
    .where("id", "=", sessionId)
    .where("last_seen_at", "<=", lastSeenAt)
    .where("ended_at", "is", null)
    .execute();
}

export async function insertSession(
  tx: Tx,
  session: {
    sessionId: string;
    accountId: string;
    level: SessionLevel;
    tokenHash: Buffer;
    userAgent: string;
    address: string | null;
    now: Date;
    endsAt: Date;
  },
): Promise<void> {
  await tx
    .insertInto("session")
    .values({
      id: session.sessionId,
      account_id: session.accountId,
      token_hash: session.tokenHash,
      level: session.level,
      user_agent: session.userAgent,
      address: session.address,
      created_at: session.now,
      last_seen_at: session.now,
      ends_at: session.endsAt,
    })
    .execute();
}

/** False when the session is not at `from` any more: it ended, or another request moved it first. */
export async function moveSession(
  tx: Tx,
  session: {
    sessionId: string;
    accountId: string;
    from: SessionLevel;
    level: SessionLevel;
    tokenHash: Buffer;
    now: Date;
    endsAt: Date;
  },
): Promise<boolean> {
  const moved = await tx
    .updateTable("session")
    .set({
      level: session.level,
      token_hash: session.tokenHash,
      stepped_up_at: session.level === "full" ? session.now : null,
      wrong_codes: 0,
      last_seen_at: session.now,
      ends_at: session.endsAt,
    })
    .where("id", "=", session.sessionId)
    .where("account_id", "=", session.accountId)
    .where("level", "=", session.from)
    .where("ended_at", "is", null)
    .where("ends_at", ">", session.now)
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

/** @returns when the session ends; null when it has ended already. */
export async function replaceSecret(
  tx: Tx,
  { sessionId, tokenHash, now }: { sessionId: string; tokenHash: Buffer; now: Date },
): Promise<Date | null> {
  const row = await tx
    .updateTable("session")
    .set({ token_hash: tokenHash })
    .where("id", "=", sessionId)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .returning("ends_at")
    .executeTakeFirst();
  return row?.ends_at ?? null;
}

/** The session, where it is still live at its stored level, its account enabled. Asked after a lock, for what was read before may have ended. */
export async function findStillLive(
  db: Db,
  { sessionId, level, now }: { sessionId: string; level: SessionLevel; now: Date },
): Promise<(PasswordAge & AddressBound & { last_seen_at: Date }) | undefined> {
  return await db
    .selectFrom("session")
    .innerJoin("account", "account.id", "session.account_id")
    .select([...passwordAge, "last_seen_at", hasRules])
    .where("session.id", "=", sessionId)
    .where("level", "=", level)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
}

/** A second factor was just given in this full session. */
export async function stampStepUp(
  tx: Tx,
  { sessionId, now }: { sessionId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable("session")
    .set({ stepped_up_at: now })
    .where("id", "=", sessionId)
    .where("level", "=", "full")
    .where("ended_at", "is", null)
    .execute();
}

/** Why a session ended; the schema holds the same list. */
export type EndReason =
  | "signed-out"
  | "not-me"
  | "wrong-codes"
  | "password-changed"
  | "factor-lost"
  | "account-disabled"
  | "replaced"
  | "removed"
  | "idle";

/** False when the account has no such live session: it does not exist, is somebody else's or ended before. */
export async function endSession(
  tx: Tx,
  {
    sessionId,
    accountId,
    reason,
    now,
  }: { sessionId: string; accountId: string; reason: EndReason; now: Date },
): Promise<{ userAgent: string } | undefined> {
  return await tx
    .updateTable("session")
    .set({ ended_at: now, end_reason: reason })
    .where("id", "=", sessionId)
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .returning("user_agent as userAgent")
    .executeTakeFirst();
}

/** Ends all sessions of an account but one; `isHalfOpen` leaves the full ones. @returns how many ended. */
export async function endSessions(
  tx: Tx,
  ending: {
    accountId: string;
    exceptSessionId?: string;
    isHalfOpen?: true;
    reason: EndReason;
    now: Date;
  },
): Promise<number> {
  let update = tx
    .updateTable("session")
    .set({ ended_at: ending.now, end_reason: ending.reason })
    .where("account_id", "=", ending.accountId)
    .where("ended_at", "is", null);
  if (ending.exceptSessionId !== undefined)
    update = update.where("id", "!=", ending.exceptSessionId);
  if (ending.isHalfOpen) update = update.where("level", "!=", "full");
  const rows = await update.returning("id").execute();
  return rows.length;
}

/** Wrong codes in a half-open session; `max` of them end it. */
export async function countWrongCodeInSession(
  tx: Tx,
  { sessionId, max, now }: { sessionId: string; max: number; now: Date },
): Promise<void> {
  await sql`
    update session set wrong_codes = wrong_codes + 1,
      ended_at = case when wrong_codes + 1 >= ${max}::int then ${now}::timestamptz end,
      end_reason = case when wrong_codes + 1 >= ${max}::int then 'wrong-codes' end
    where id = ${sessionId} and level <> 'full' and ended_at is null`.execute(tx);
}

const summaryColumns = [
  "id",
  "level",
  "user_agent",
  "address",
  "created_at",
  "last_seen_at",
  "ends_at",
] as const;

export type SessionRow = {
  id: string;
  level: string;
  user_agent: string;
  address: string | null;
  created_at: Date;
  last_seen_at: Date;
  ends_at: Date;
};

/** Live sessions of an account, most recently seen first; more than anybody can look through is cut off. */
export async function listLiveSessions(
  db: Db,
  { accountId, now, idleMinutes }: { accountId: string; now: Date; idleMinutes: number | null },
): Promise<SessionRow[]> {
  const usedSince = new Date(now.getTime() - (idleMinutes ?? 0) * 60_000);
  return await db
    .selectFrom("session")
    .select(summaryColumns)
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .where("ends_at", ">", now)
    .$if(idleMinutes !== null, (query) =>
      query.where((eb) => eb.or([eb("level", "<>", "full"), eb("last_seen_at", ">", usedSince)])),
    )
    .orderBy("last_seen_at", "desc")
    .limit(200)
    .execute();
}

export async function readSession(db: Db, sessionId: string): Promise<SessionRow> {
  return await db
    .selectFrom("session")
    .select(summaryColumns)
    .where("id", "=", sessionId)
    .executeTakeFirstOrThrow();
}
