import type { Logger } from "pino";
import type { Config } from "../config.ts";
import {
  findRunningPostgres,
  startEmbeddedPostgres,
} from "../platform/db/embedded/start-embedded-postgres.ts";

export type RunningDatabase = {
  /** As the owner of the schema: migrations and jobs. */
  ownerUrl: string;
  /** As the role that requests run as. */
  runtimeUrl: string;
  /** The role of `runtimeUrl` where it is not the owner. */
  runtimeRole: string | undefined;
  isEmbedded: boolean;
  /** Stops what was started here; an external database goes on. */
  stop(): Promise<void>;
};

/** The database that the settings name, ready to be used: external, or our own. */
export async function openDatabases(config: Config, log: Logger): Promise<RunningDatabase> {
  if (config.databaseUrl !== undefined) return await openExternal(config, config.databaseUrl);
  const { ownerUrl, runtimeUrl, stop } = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log,
  });
  return { ...embedded({ ownerUrl, runtimeUrl }), stop };
}

/** The same for a command beside a running Sallyport, whose embedded database it then shares. */
export async function joinDatabases(config: Config, log: Logger): Promise<RunningDatabase> {
  const running =
    config.databaseUrl === undefined ? await findRunningPostgres(config.dataDir) : undefined;
  return running === undefined
    ? await openDatabases(config, log)
    : { ...embedded(running), stop: async () => {} };
}

async function openExternal(config: Config, runtimeUrl: string): Promise<RunningDatabase> {
  // Not above: the embedded database starts sooner without what this reads.
  const { checkDatabase } = await import("./check-database.ts");
  const ownerUrl = config.migrationDatabaseUrl ?? runtimeUrl;
  const [runtimeRole, ownerRole] = await Promise.all([
    checkDatabase("SALLYPORT_DATABASE_URL", runtimeUrl),
    config.migrationDatabaseUrl === undefined
      ? undefined
      : checkDatabase("SALLYPORT_MIGRATION_DATABASE_URL", config.migrationDatabaseUrl),
  ]);
  const isSeparate = ownerRole !== undefined && ownerRole !== runtimeRole;
  return {
    ownerUrl,
    runtimeUrl,
    runtimeRole: isSeparate ? runtimeRole : undefined,
    isEmbedded: false,
    stop: async () => {},
  };
}

function embedded(urls: { ownerUrl: string; runtimeUrl: string }) {
  return {
    ownerUrl: urls.ownerUrl,
    runtimeUrl: urls.runtimeUrl,
    runtimeRole: new URL(urls.runtimeUrl).username,
    isEmbedded: true,
  };
}
