import { sql } from "kysely";
import type { Services } from "../../context.ts";
import { pendingMigrations } from "../db/migrate.ts";
import { inTime, TooLate } from "./in-time.ts";

/*
 * What takes an instance out of rotation: that it could not answer the next request. Without the database,
 * on an older schema, or with a record that does not get rid of its entries it couldn't, and a balancer
 * that has another instance does well to ask that one. So does a process whose work it is to bring the
 * record into the public log, when that is a minute behind: what we promise to prove is not proven then.
 *
 * What does not, because every instance would go at once over something that requests do not need:
 * - filing that is behind: it is the installation's, not the instance's. Reading joins what is not filed yet,
 *   so answers stay right and become slower;
 * - batches that are not as they were written: whoever can forge one could stop the service by it;
 * - failed jobs;
 * - a database ahead of this release: the release before runs on each migration, or no upgrade could be
 *   made one instance after the other.
 * They are metrics, and warnings of the operator's health.
 */

const reasons = {
  "database-unreachable": { check: "database", detail: "the database cannot be reached" },
  "database-slow": { check: "database", detail: "the database does not answer in time" },
  "migrations-missing": {
    check: "migrations",
    detail: "the database is older than this release: sallyport migrate",
  },
  "record-queue-long": { check: "record", detail: "too many entries wait to be recorded" },
  "record-queue-late": { check: "record", detail: "entries wait too long to be recorded" },
  "log-behind": { check: "log", detail: "the public log is more than a minute behind the record" },
} as const;

type Reason = keyof typeof reasons;

type Check = (typeof reasons)[Reason]["check"];

/** In words that a stranger may read; programs switch over `code`. */
export type Readiness = {
  status: "ok" | "unready";
  checks: Record<Check, "ok" | "failed" | "unknown">;
  reasons: { check: Check; code: Reason; detail: string }[];
};

/** Anybody may ask: one look at the database a second is enough, ms. */
const FRESH_MS = 1_000;
/** Entries that wait to be recorded; beyond it this process should get no more requests for a while. */
const MAX_WAITING_ENTRIES = 5_000;
/**
 * An entry that has waited longer has met an outage or a stuck commit, ms: usual are one to twenty. Less than
 * the 5 s after which its request is refused, so that new requests go elsewhere before they fail.
 */
export const MAX_ENTRY_WAIT_MS = 3_000;

/** Looks whether this process can serve. Answers asked for at the same time share one look. */
export function createReadiness(
  services: Services,
  { maxEntryWaitMs = MAX_ENTRY_WAIT_MS } = {},
): () => Promise<Readiness> {
  let looked: { at: number; readiness: Promise<Readiness> } | undefined;
  let isMigrated = false;
  async function look(): Promise<Readiness> {
    const ofDatabase = await lookAtDatabase(services, isMigrated);
    isMigrated ||= ofDatabase === null;
    const found = [
      ofDatabase,
      lookAtRecord(services, maxEntryWaitMs),
      ofDatabase === null ? await lookAtLog(services) : null,
    ];
    return readinessOf(found.filter((code) => code !== null));
  }
  return () => {
    const now = performance.now();
    if (looked === undefined || now - looked.at > FRESH_MS) looked = { at: now, readiness: look() };
    return looked.readiness;
  };
}

function readinessOf(codes: readonly Reason[]): Readiness {
  const checks: Readiness["checks"] = {
    database: "ok",
    migrations: "ok",
    record: "ok",
    log: "ok",
  };
  for (const code of codes) checks[reasons[code].check] = "failed";
  if (checks.database === "failed") checks.migrations = checks.log = "unknown";
  return {
    status: codes.length === 0 ? "ok" : "unready",
    checks,
    reasons: codes.map((code) => ({ ...reasons[code], code })),
  };
}

async function lookAtDatabase({ db, log }: Services, isMigrated: boolean): Promise<Reason | null> {
  try {
    // Migrations only ever come to be: once they are there, the cheapest question is enough.
    if (isMigrated) await inTime(sql`select 1`.execute(db));
    else if ((await inTime(missing(db))) > 0) return "migrations-missing";
    return null;
  } catch (error) {
    log.warn({ err: error }, "not ready: the database cannot be asked");
    return error instanceof TooLate ? "database-slow" : "database-unreachable";
  }
}

async function missing(db: Services["db"]): Promise<number> {
  const { rows } = await sql<{ number: number }>`select number from migration`.execute(db);
  return (await pendingMigrations(async () => ({ rows }))).length;
}

/** Longest time that the public log may be behind the record, ms: rounds come every second. */
const MAX_LOG_LAG_MS = 60_000;

/**
 * Only of a process that should do something about it: those that answer requests alone can't. A log that
 * catches up (after an upgrade, say) signs every second while it does, and keeps nobody out.
 */
async function lookAtLog({ config, db, clock, log, ports }: Services): Promise<Reason | null> {
  if (!config.roles.includes("sequencer")) return null;
  try {
    const { oldestAt, signedAt } = await inTime(ports.logLag(db));
    const since = Math.max(oldestAt?.getTime() ?? Infinity, signedAt?.getTime() ?? 0);
    return clock.now().getTime() - since > MAX_LOG_LAG_MS ? "log-behind" : null;
  } catch (error) {
    log.warn({ err: error }, "not ready: the database cannot be asked how far the log is");
    return "database-slow";
  }
}

function lookAtRecord({ recorder }: Services, maxEntryWaitMs: number): Reason | null {
  if (recorder.queuedCount > MAX_WAITING_ENTRIES) return "record-queue-long";
  return recorder.oldestWaitMs > maxEntryWaitMs ? "record-queue-late" : null;
}
