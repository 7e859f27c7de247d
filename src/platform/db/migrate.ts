import { readdir, readFile } from "node:fs/promises";
import { runMigrations } from "graphile-worker";
import { Client } from "pg";
import { connectionOf } from "./db.ts";

const FOLDER = new URL("../../../migrations/", import.meta.url);

/** SQLSTATE unique_violation: another migrator has written this number. */
const UNIQUE_VIOLATION = "23505";

/** Advisory lock of whoever migrates graphile-worker's schema and the grants; any number that nobody else uses. */
const MIGRATION_LOCK = 770_001;

export type MigrateOptions = {
  /** Connects as the role that owns the schema. */
  ownerUrl: string;
  /** The role that requests run as; undefined when it is the owner itself. */
  runtimeRole?: string | undefined;
};

/**
 * Brings the database to this release: ours, then graphile-worker's, then the runtime role's rights.
 * Safe to run in many processes at once: each migration is one transaction that inserts its number
 * first, so that all but one stop on the key until it is done.
 */
export async function migrate({ ownerUrl, runtimeRole }: MigrateOptions): Promise<void> {
  const client = new Client(connectionOf(ownerUrl));
  client.on("error", () => {}); // the query under way reports it
  await client.connect();
  try {
    await prepare(client);
    for (const file of await migrationFiles()) await apply(client, file);
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await runMigrations({ connectionString: ownerUrl });
    if (runtimeRole !== undefined) await grantRuntime(client, runtimeRole);
  } finally {
    await client.end();
  }
}

/** Names of the migrations that the database lacks. */
export async function pendingMigrations(
  query: (text: string) => Promise<{ rows: { number: number }[] }>,
): Promise<string[]> {
  const { rows } = await query("select number from migration");
  const done = new Set(rows.map((row) => row.number));
  return (await migrationFiles()).filter((file) => !done.has(numberOf(file)));
}

async function prepare(client: Client): Promise<void> {
  // `if not exists` alone still races on the catalogue's unique index.
  await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
  await client.query(
    `create table if not exists migration (
       number     int primary key,
       name       text not null,
       applied_at timestamptz not null default clock_timestamp())`,
  );
  await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
}

async function apply(client: Client, file: string): Promise<void> {
  const text = await readFile(new URL(file, FOLDER), "utf8");
  try {
    await client.query("begin");
    await client.query("insert into migration (number, name) values ($1, $2)", [
      numberOf(file),
      file,
    ]);
    await client.query(text);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    if (!isDone(error)) throw new Error(`migration ${file} failed`, { cause: error });
  }
}

function isDone(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && constraint === "migration_pkey";
}

async function migrationFiles(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((file) => /^\d{4}_.*\.sql$/.test(file)).toSorted();
}

const numberOf = (file: string): number => Number(file.slice(0, 4));

/** The runtime may read and change everything but what is on record: there it may only add. */
async function grantRuntime(client: Client, role: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  await client.query(`
    grant usage on schema public, graphile_worker to ${name};
    grant select, insert, update, delete on all tables in schema public to ${name};
    grant usage on all sequences in schema public to ${name};
    revoke update, delete, truncate on entry_batch, filed_entry, filed_subject, routine_index, reported_entry from ${name};
    revoke insert, update, delete, truncate on log_epoch, log_leaf, log_tile, sequence_gap from ${name};
    revoke insert, update, delete, truncate on count_seed, count_map, count_subject, count_change, count_bucket from ${name};
    revoke update, delete, truncate on count_request from ${name};
    revoke insert, update, delete, truncate on erasure_act, erasure_count, erasure_place from ${name};
    revoke insert, update, delete, truncate on migration from ${name};
    revoke insert, delete, truncate on version_slot from ${name};
    grant execute on function enqueue_job(text, json, text, int, timestamptz) to ${name};
    grant execute on function retry_failed_job(bigint) to ${name};
    grant select on graphile_worker.jobs to ${name};
  `);
}
