import { Command } from "commander";
import { migrate } from "../../src/platform/db/migrate.ts";
import type { RunningDatabase } from "../../src/start/open-database.ts";

/**
 * `sallyport migrate`: brings the database to this release before its first process starts. Each start does
 * it too; this is for whoever wants it as a step of its own. Safe beside others that do the same.
 */
export function migrateCommand(open: () => Promise<RunningDatabase>): Command {
  return new Command("migrate")
    .description("Bring the database to this release; each start does this too")
    .action(async () => {
      await migrate(await open());
      process.stdout.write("The database is at this release.\n");
    });
}
