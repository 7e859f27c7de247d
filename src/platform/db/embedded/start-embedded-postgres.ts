import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findBinaries } from "./binaries.ts";
import { openClusterHome, findClusterHome, type ClusterHome } from "./cluster-home.ts";
import { clearAbandoned, clusterProcesses, readPostmaster } from "./cluster-processes.ts";
import { connectionUrls, OWNER, socketUrl, type ConnectionUrls } from "./connection-urls.ts";
import { EmbeddedPostgresError } from "./embedded-error.ts";
import type { EmbeddedLog } from "./embedded-log.ts";
import { openCluster } from "./initialise-cluster.ts";
import { readPasswords, type Passwords } from "./passwords.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { tryProcessLock } from "./process-lock.mjs";
import { makeSocketFolder } from "./socket-folder.ts";
import { supervisePostgres, type ExitListener, type Supervised } from "./supervise-postgres.ts";

export type EmbeddedPostgres = ConnectionUrls & {
  /** Fast shutdown: open transactions are rolled back, everything committed is kept. Waits for it. */
  stop: () => Promise<void>;
  /** Hears of every end of the server that nobody asked for; it is started again by itself. */
  onExit: (listener: ExitListener) => void;
};

export type EmbeddedOptions = { dataDir: string; log: EmbeddedLog };

/**
 * Runs PostgreSQL on `dataDir`, made on the first start, and comes back when it answers. It listens on
 * a Unix socket in a private folder and never on the network. What an earlier process has left
 * running is stopped first.
 * @throws EmbeddedPostgresError when it cannot run, or another living process runs it
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = await openClusterHome(options.dataDir, options.log);
  const lock = tryProcessLock(join(dirname(home.data), "sallyport.lock"));
  if (lock.heldBy !== null)
    throw new EmbeddedPostgresError(
      `Another Sallyport (process ${lock.heldBy}) runs on ${options.dataDir}. Stop it, or set SALLYPORT_DATA_DIR to another folder.`,
    );
  try {
    return await startLocked(home, options.log, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(
  home: ClusterHome,
  log: EmbeddedLog,
  release: () => void,
): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(home.user);
  const passwords = await openCluster(home, binaries);
  await clearAbandoned(home, log);
  const socketFolder = await makeSocketFolder(home.user);
  const removeSocket = (): void => rmSync(socketFolder, { recursive: true, force: true });
  process.once("exit", removeSocket);
  const probeUrl = adminUrl(socketFolder, passwords);
  let server: Supervised | undefined;
  try {
    server = await supervisePostgres({ home, binaries, socketFolder, probeUrl }, log);
    await prepareDatabase(probeUrl, passwords.runtime);
  } catch (error) {
    await server?.stop();
    removeSocket();
    throw error;
  }
  return {
    ...connectionUrls(socketFolder, passwords),
    onExit: server.onExit,
    async stop() {
      await server.stop();
      removeSocket();
      process.off("exit", removeSocket);
      release();
    },
  };
}

/** The database that every cluster has. */
function adminUrl(socketFolder: string, passwords: Passwords): string {
  return socketUrl(socketFolder, { role: OWNER, password: passwords.owner, database: "postgres" });
}

/** The server that a living Sallyport runs on `dataDir`, for a command beside it; undefined when none runs. */
export async function findRunningPostgres(
  dataDir: string,
): Promise<(ConnectionUrls & { pid: number }) | undefined> {
  const home = await findClusterHome(dataDir);
  if (home === undefined) return undefined;
  const postmaster = await readPostmaster(home.data);
  if (!postmaster?.isReady || !(await clusterProcesses(home)).includes(postmaster.pid))
    return undefined;
  const passwords = await readPasswords(home.control);
  return { ...connectionUrls(postmaster.socketFolder, passwords), pid: postmaster.pid };
}
