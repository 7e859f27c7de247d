import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Clock } from "../context.ts";
import { openDatabases, type RunningDatabase } from "./open-database.ts";

export type StartOptions = {
  config: Config;
  clock: Clock;
  log: Logger;
  /** Done with the database before anything serves. */
  prepare?: (database: RunningDatabase) => Promise<void>;
};

export type Sallyport = {
  /** The link that makes the first operator, while nobody is; for the banner alone. */
  claimLink: string | undefined;
  isEmbedded: boolean;
  /** Resolves when everything accepted is answered and on record; `hurry` cuts short what is waited for. */
  stop(hurry: AbortSignal): Promise<void>;
};

/**
 * Starts the parts that SALLYPORT_ROLES names and comes back when they serve. The code of the parts is
 * read while PostgreSQL starts: both take about as long.
 *
 * @throws {StartError} in words for whoever starts it; what was started is stopped again.
 */
export async function startSallyport(options: StartOptions): Promise<Sallyport> {
  const parts = import("./start-parts.ts");
  parts.catch(() => {}); // told below, after the database
  const database = await openDatabases(options.config, options.log);
  try {
    await options.prepare?.(database);
    const { startParts } = await parts;
    const { claimLink, stop } = await startParts({ ...options, database });
    return {
      claimLink,
      isEmbedded: database.isEmbedded,
      async stop(hurry) {
        await stop(hurry);
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}
