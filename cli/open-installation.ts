import { Client } from "pg";
import type { Logger } from "pino";
import type { Config } from "../src/config.ts";
import { systemContext, type Context } from "../src/context.ts";
import { connectionOf } from "../src/platform/db/db.ts";
import { pendingMigrations } from "../src/platform/db/migrate.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { joinDatabases, type RunningDatabase } from "../src/start/open-database.ts";
import { openServices } from "../src/start/open-services.ts";
import { StartError } from "../src/start/start-error.ts";

/** What commands work on, opened when one asks for it. */
export type Installation = {
  openDatabase(): Promise<RunningDatabase>;
  openContext(): Promise<Context>;
  /** Puts what was done on record and closes what was opened, last first. */
  close(): Promise<void>;
};

/** The installation of the settings, beside a Sallyport that runs or alone. */
export function installationOf(config: Config, log: Logger): Installation {
  const closes: (() => Promise<void>)[] = [];
  const installation: Installation = {
    async openDatabase() {
      const database = await joinDatabases(config, log);
      closes.push(() => database.stop());
      return database;
    },
    async openContext() {
      const database = await installation.openDatabase();
      await requireMigrated(database.runtimeUrl);
      const clock = { now: () => new Date(), databaseShiftMs: 0 };
      const processId = uuidv7(Date.now());
      const { services, close } = await openServices({ config, database, processId, clock, log });
      closes.push(close);
      return systemContext(services, "command line");
    },
    async close() {
      for (let close = closes.pop(); close !== undefined; close = closes.pop()) await close();
    },
  };
  return installation;
}

/** A command does its own thing only: whoever runs it may not expect another release to stop working. */
async function requireMigrated(url: string): Promise<void> {
  const client = new Client(connectionOf(url));
  client.on("error", () => {}); // the query under way reports it
  await client.connect();
  try {
    const found = await client.query("select to_regclass('public.migration') as name");
    const isNew = found.rows[0]?.name === null;
    if (!isNew && (await pendingMigrations((text) => client.query(text))).length === 0) return;
  } finally {
    await client.end();
  }
  throw new StartError(
    "The database is not at this release. Bring it there with: sallyport migrate",
  );
}
