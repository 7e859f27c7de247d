import { Kysely, PostgresDialect, type Transaction } from "kysely";
import { Pool, types, type PoolConfig } from "pg";
import type { DB } from "./database.ts";
import { ImpatientClient } from "./impatient-client.ts";
import { IDLE_IN_TRANSACTION_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from "./time-limits.ts";

/** Reads take this. */
export type Db = Kysely<DB>;

/** Writes take this: a bare `Db` does not fit, so a write outside a transaction does not compile. */
export type Tx = Transaction<DB>;

/** PostgreSQL's `date`; pg would make it midnight in the server's zone and shift the day. */
types.setTypeParser(types.builtins.DATE, (text) => text);

/** Longest wait for a connection, ms: under a flood a request is refused (503) instead of queued for ever. */
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Longest wait for an answer, ms. PostgreSQL itself ends every statement before, so whoever waits longer has
 * a connection over which nothing comes back.
 */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 10_000;

export type OpenDatabase = { pool: Pool; db: Db; close(): Promise<void> };

/**
 * One pool for requests and jobs. `onError` hears of connections that break while nobody uses them;
 * without a listener such an error would end the process. A connection that does not answer within
 * `query_timeout` is given up, and what was asked fails as if it had broken.
 */
export function openDatabase(
  url: string,
  onError: (error: Error) => void,
  options: PoolConfig = {},
): OpenDatabase {
  const connection = connectionOf(url);
  const pool = new Pool({
    ...connection,
    options: `${connection.options} -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
    Client: ImpatientClient,
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    ...options,
  });
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  return {
    pool,
    db: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }),
    close: () => pool.end(),
  };
}

/** What every connection says of itself to PostgreSQL; READ COMMITTED always (the fence counts on it). */
export function connectionOf(url: string): PoolConfig {
  return {
    connectionString: url,
    application_name: "sallyport",
    options: "-c default_transaction_isolation=read\\ committed -c timezone=UTC",
  };
}
