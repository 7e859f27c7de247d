import { Client } from "pg";
import { IDLE_IN_TRANSACTION_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from "../time-limits.ts";
import { DATABASE, OWNER, RUNTIME } from "./connection-urls.ts";

/** Database and runtime role, made where they are missing. `adminUrl` leads to the database `postgres`. */
export async function prepareDatabase(adminUrl: string, runtimePassword: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  client.on("error", () => {}); // the query under way reports it
  await client.connect();
  try {
    await ensureRuntimeRole(client, runtimePassword);
    const found = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER}`);
    await client.query(`revoke all on database ${DATABASE} from public`);
    await client.query(`grant connect on database ${DATABASE} to ${RUNTIME}`);
    await client.query(`revoke all on database postgres from public`);
  } finally {
    await client.end();
  }
}

/**
 * The role that requests run as, which owns nothing and may do only what is granted. Its password is
 * set each time: the file is the truth, not the database.
 */
export async function ensureRuntimeRole(client: Client, password: string): Promise<void> {
  const found = await client.query("select from pg_roles where rolname = $1", [RUNTIME]);
  if (found.rowCount === 0) await client.query(`create role ${RUNTIME}`);
  await client.query(
    `alter role ${RUNTIME} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
       password ${client.escapeLiteral(password)}`,
  );
  await client.query(`alter role ${RUNTIME} set statement_timeout = '${STATEMENT_TIMEOUT_MS}ms'`);
  await client.query(
    `alter role ${RUNTIME} set idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION_TIMEOUT_MS}ms'`,
  );
}
