import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { connectionOf } from "../platform/db/db.ts";
import { isDatabaseUnavailable } from "../platform/db/unavailable.ts";
import { EXIT_UNAVAILABLE, StartError } from "./start-error.ts";

/** PostgreSQL's version_num of the oldest release that is tested. */
const OLDEST_VERSION = 150_000;
/** Databases often start beside us: so long a refused connection is waited for, ms. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 250;
const CONNECT_TIMEOUT_MS = 5_000;

type Facts = {
  version: number;
  encoding: string;
  fsync: string;
  full_page_writes: string;
  synchronous_commit: string;
  is_replica: boolean;
  role: string;
};

/**
 * Refuses a PostgreSQL that is too old, that could lose what it has acknowledged, or that cannot be
 * written. Nothing of the URL but host and database is ever told: it holds a password.
 *
 * @returns the role that the URL signs in as.
 * @throws {StartError} with the command that makes it right.
 */
export async function checkDatabase(setting: string, url: string): Promise<string> {
  const client = await connectPatiently(setting, url);
  try {
    const { rows } = await client.query<Facts>(
      `select current_setting('server_version_num')::int as version,
         current_setting('server_encoding') as encoding,
         current_setting('fsync') as fsync,
         current_setting('full_page_writes') as full_page_writes,
         current_setting('synchronous_commit') as synchronous_commit,
         pg_is_in_recovery() as is_replica,
         current_user as role`,
    );
    const [facts] = rows;
    if (facts === undefined) throw new Error("a query without from returns one row");
    const faults = faultsOf(facts);
    if (faults.length > 0)
      throw new StartError(
        `The PostgreSQL of ${setting} (${placeOf(url)}) is refused:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
      );
    return facts.role;
  } finally {
    await client.end().catch(() => {});
  }
}

function faultsOf(facts: Facts): string[] {
  const rules: readonly [isBroken: boolean, fault: string][] = [
    [
      facts.version < OLDEST_VERSION,
      `it is version ${Math.floor(facts.version / 10_000)}; Sallyport needs 15 or newer`,
    ],
    [facts.is_replica, "it is a replica and cannot be written: name the primary"],
    [
      facts.encoding !== "UTF8",
      `its encoding is ${facts.encoding}; make one with: create database sallyport encoding 'UTF8' template template0`,
    ],
    [
      facts.fsync !== "on",
      "fsync is off, so a crash can destroy it; set it with: alter system set fsync = on; select pg_reload_conf();",
    ],
    [
      facts.full_page_writes !== "on",
      "full_page_writes is off, so a crash can destroy it; set it with: alter system set full_page_writes = on; select pg_reload_conf();",
    ],
    [
      facts.synchronous_commit === "off",
      `synchronous_commit is off, so a crash loses what was acknowledged; set it with: alter role "${facts.role.replaceAll('"', '""')}" set synchronous_commit = on;`,
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, fault]) => fault);
}

async function connectPatiently(setting: string, url: string): Promise<Client> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const client = new Client({
      ...connectionOf(url),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on("error", () => {}); // the query under way reports it
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (!isDatabaseUnavailable(error) || performance.now() > deadline)
        throw unreachable(setting, url, error);
      await delay(PAUSE_MS);
    }
  }
}

function unreachable(setting: string, url: string, error: unknown): StartError {
  const { message } = error as Error;
  return new StartError(`Cannot use the PostgreSQL of ${setting} (${placeOf(url)}): ${message}`, {
    exitCode: isDatabaseUnavailable(error) ? EXIT_UNAVAILABLE : undefined,
    cause: error,
  });
}

function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get("host") ?? host}${pathname}`;
}
