import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startEmbeddedPostgres } from "../src/platform/db/embedded/start-embedded-postgres.ts";
import { migrate } from "../src/platform/db/migrate.ts";

/** How long a server may take to answer after its start, ms. */
const START_PATIENCE_MS = 30_000;
const POLL_MS = 5;
const ALL_CORES = `0-${cpus().length - 1}`;

export type Lab = {
  ownerUrl: string;
  runtimeUrl: string;
  secretKey: Buffer;
  /** The real Sallyport on this database. */
  startSallyport(
    port: number,
    options?: { isPinned?: boolean; env?: Record<string, string> },
  ): Promise<Server>;
  stop(): Promise<void>;
};

export type Server = { url: string; pid: number; stop(): Promise<void> };

/**
 * A database of its own in a temporary folder. Pinned, PostgreSQL and the load share the second core and
 * servers have the first.
 */
export async function openLab({ isPinned = true } = {}): Promise<Lab> {
  if (isPinned) stayOn("1"); // and what is started from here with it, PostgreSQL first of all
  const dataDir = await mkdtemp(join(tmpdir(), "sallyport-bench-"));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog });
  await migrate({ ownerUrl: postgres.ownerUrl, runtimeRole: "sallyport_runtime" });
  const secretKey = randomBytes(32);
  return {
    ownerUrl: postgres.ownerUrl,
    runtimeUrl: postgres.runtimeUrl,
    secretKey,
    startSallyport: async (port, { isPinned: isServerPinned = true, env = {} } = {}) =>
      startServer([...(await startOptions()), "src/main.ts"], port, {
        ...(!isServerPinned && { BENCH_CORES: ALL_CORES }),
        SALLYPORT_PORT: String(port),
        SALLYPORT_PUBLIC_URL: `http://localhost:${port}`,
        SALLYPORT_DATABASE_URL: postgres.runtimeUrl,
        SALLYPORT_MIGRATION_DATABASE_URL: postgres.ownerUrl,
        SALLYPORT_SECRET_KEY: secretKey.toString("base64"),
        SALLYPORT_LOG_KEY_FILE: join(dataDir, "log.key"),
        SALLYPORT_ANCHOR: join(dataDir, "anchor"),
        ...env,
      }),
    stop: async () => {
      await postgres.stop();
      stayOn(ALL_CORES);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function stayOn(cores: string): void {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(process.pid)], {
    stdio: "ignore",
  });
}

const silentLog = { info: () => {}, warn: () => {}, error: () => {} };

/** The options of Node that `npm start` gives, so that what is measured is what runs. */
async function startOptions(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

/** Starts a server on the first core and waits until it answers. */
export async function startServer(
  command: readonly string[],
  port: number,
  env: Record<string, string> = {},
): Promise<Server> {
  const child = spawn("taskset", ["-c", env["BENCH_CORES"] ?? "0", process.execPath, ...command], {
    env: { ...process.env, ...env, BENCH_PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  // A benchmark that is interrupted leaves no server behind to be measured by the next.
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await answers(child, url);
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const reply = await fetch(`${url}/readyz`).catch(() => null);
    if (reply?.ok === true && child.exitCode === null) return;
    await delay(POLL_MS);
  }
  throw new Error("the server did not become ready");
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** CPU time a process and its threads have used, µs: what a request costs, however busy the machine is. */
export async function cpuMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // Fields after the name, which is in brackets and may hold anything; utime and stime in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** What the numbers were made on. */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
