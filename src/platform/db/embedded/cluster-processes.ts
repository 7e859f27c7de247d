import { lstat, readdir, readFile, readlink, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readIfThere, type ClusterHome } from "./cluster-home.ts";
import { EmbeddedPostgresError, errorCode } from "./embedded-error.ts";
import type { EmbeddedLog } from "./embedded-log.ts";
import { processStamp } from "./process-lock.mjs";
import { clusterName } from "./settings.ts";

/** Longest wait for a fast shutdown, which writes a checkpoint, before an immediate one, ms. */
const FAST_SHUTDOWN_MS = 30_000;
/** Longest wait for processes that were told to leave at once, ms. */
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const POLL_MS = 20;

/** What postmaster.pid says of the server that runs on a data folder, or last ran. */
export type Postmaster = { pid: number; socketFolder: string; isReady: boolean };

/** Undefined: nothing has run, or it ended in good order. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readIfThere(join(data, "postmaster.pid")))?.split("\n");
  if (lines === undefined) return undefined;
  const isReady = lines[7]?.trim() === "ready";
  return { pid: Number(lines[0]), socketFolder: lines[4]?.trim() ?? "", isReady };
}

/**
 * Living processes of this cluster. Titles are readable by all; /proc/<pid>/cwd of another user is not,
 * not even for root in a container without CAP_SYS_PTRACE.
 */
export async function clusterProcesses(home: ClusterHome): Promise<number[]> {
  const uid = home.user?.uid ?? process.getuid?.();
  const name = clusterName(home.data);
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const checked = await Promise.all(
    pids.map(async (pid) => {
      const owner = await lstat(`/proc/${pid}`).catch(() => undefined);
      if (owner?.uid !== uid) return false;
      const title = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
      return isPostgres(title) && title.includes(name) && processStamp(pid) !== null;
    }),
  );
  return pids.filter((_, index) => checked[index]);
}

/** "/…/bin/postgres\0-D\0…" for the postmaster, "postgres: <cluster name>: …" for the others. */
function isPostgres(title: string): boolean {
  return title.startsWith("postgres: ") || basename(title.split("\0")[0] ?? "") === "postgres";
}

/**
 * Stops what a killed Sallyport has left running, and removes what a killed server has left lying.
 * Stopping rather than adopting costs some ten milliseconds, and the server that runs then has this
 * release's programs and settings. The caller holds the cluster's lock.
 */
export async function clearAbandoned(home: ClusterHome, log: EmbeddedLog): Promise<void> {
  const postmaster = await readPostmaster(home.data);
  const pids = await clusterProcesses(home);
  if (pids.length > 0) {
    log.warn({ pids }, "Stopping the PostgreSQL that an earlier Sallyport left running");
    await stopProcesses(home, postmaster && pids.includes(postmaster.pid) ? postmaster.pid : null);
  }
  if (postmaster === undefined) return;
  await dropForeignPid(home, postmaster.pid);
  await removeSocketFolder(postmaster.socketFolder);
}

async function stopProcesses(home: ClusterHome, postmaster: number | null): Promise<void> {
  // Without their postmaster, the others end by themselves.
  if (postmaster !== null) signal(postmaster, "SIGINT");
  if (await areGone(home, postmaster === null ? IMMEDIATE_SHUTDOWN_MS : FAST_SHUTDOWN_MS)) return;
  for (const pid of await clusterProcesses(home)) signal(pid, "SIGQUIT");
  if (await areGone(home, IMMEDIATE_SHUTDOWN_MS)) return;
  const left = await clusterProcesses(home);
  throw new EmbeddedPostgresError(
    `PostgreSQL of ${home.data} does not stop (process ${left.join(", ")}). End it, then start again.`,
  );
}

async function areGone(home: ClusterHome, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if ((await clusterProcesses(home)).length === 0) return true;
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
}

/**
 * The server trusts the bare pid in its lock file. After a reboot, or in a new container, that number is
 * often somebody else's, and then it would never start again.
 */
async function dropForeignPid(home: ClusterHome, pid: number): Promise<void> {
  if (!(pid > 0) || processStamp(pid) === null) return;
  const title = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
  const worksIn = await readlink(`/proc/${pid}/cwd`).catch(() => "");
  if (!isPostgres(title) || (worksIn !== home.data && !title.includes(home.data)))
    return rm(join(home.data, "postmaster.pid"), { force: true });
  throw new EmbeddedPostgresError(
    `A PostgreSQL that Sallyport did not start (process ${pid}) uses ${home.data}. Stop it, then start again.`,
  );
}

/** Only a folder that a start of ours has made: by its name, private. */
async function removeSocketFolder(folder: string): Promise<void> {
  if (!SOCKET_FOLDER.test(folder)) return;
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isDirectory() === true && (found.mode & 0o077) === 0)
    await rm(folder, { recursive: true, force: true });
}

/** The names that mkdtemp gives after "sallyport-". */
const SOCKET_FOLDER = /^\/.*\/sallyport-[A-Za-z0-9]{6}$/;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}
