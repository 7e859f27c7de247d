import { spawn, type ChildProcess } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { Binaries } from "./binaries.ts";
import type { ClusterHome } from "./cluster-home.ts";
import { EmbeddedPostgresError, errorCode, naming } from "./embedded-error.ts";
import { cannotRun, POSTGRES_ENVIRONMENT } from "./run-initdb.ts";
import { serverSettings } from "./settings.ts";
import { emptySocketFolder } from "./socket-folder.ts";

/** How a server ended. */
export type PostgresExit = { code: number | null; signal: NodeJS.Signals | null };

/** A server that answers. */
export type PostgresProcess = {
  pid: number;
  exited: Promise<PostgresExit>;
  signal(name: NodeJS.Signals): void;
};

export type ServerSpec = {
  home: ClusterHome;
  binaries: Binaries;
  socketFolder: string;
  /** Connects as the owner to a database that every cluster has. */
  probeUrl: string;
};

/** A killed server's processes may hold its shared memory for some moments; measured: 1 to 10 starts fail. */
const ATTEMPTS = 10;
const LOCKED =
  /lock file ".*" already exists|pre-existing shared memory block|is another postmaster/i;
const POLL_MS = 15;
const LARGEST_LOG_BYTES = 1024 * 1024;

/** Starts the server and comes back when it answers, however long its recovery takes. */
export async function startPostgres(spec: ServerSpec): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOnce(spec);
    if ("exited" in started) return started;
    if (attempt === ATTEMPTS || !LOCKED.test(started.output)) throw failure(spec, started.output);
    await delay(50 * attempt);
  }
}

async function startOnce(spec: ServerSpec): Promise<PostgresProcess | { output: string }> {
  const { home, socketFolder } = spec;
  await emptySocketFolder(socketFolder);
  const { file, path, size } = await openLog(home.control);
  const settings = Object.entries(serverSettings(socketFolder, home.data));
  const args = [
    "-D",
    home.data,
    ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const child = spawn(join(spec.binaries.folder, "bin", "postgres"), args, {
    cwd: home.data,
    env: POSTGRES_ENVIRONMENT,
    // A session of its own, so that ^C reaches Sallyport first and PostgreSQL last.
    detached: true,
    stdio: ["ignore", file.fd, file.fd],
    ...home.user,
  });
  const running = watch(child, home);
  await file.close();
  const server = await running;
  const ended = server.exited.then(() => true);
  while (!(await Promise.race([ended, delay(POLL_MS, false)])))
    if (await answers(spec.probeUrl)) return server;
  const output = await readFile(path);
  return { output: output.subarray(size).toString().trim() };
}

function watch(child: ChildProcess, home: ClusterHome): Promise<PostgresProcess> {
  const exited = new Promise<PostgresExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(home, error)));
    child.once("spawn", () => {
      const pid = child.pid;
      if (pid === undefined) throw new Error("a spawned process has a pid");
      resolve({ pid, exited, signal: (name) => void child.kill(name) });
    });
  });
}

/** The server writes its messages itself: a pipe to Node would break with Node. */
async function openLog(control: string) {
  const path = join(control, "postgres.log");
  return naming(control, async () => {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > LARGEST_LOG_BYTES) await rename(path, `${path}.1`);
    const file = await open(path, "a", 0o600);
    return { file, path, size: size > LARGEST_LOG_BYTES ? 0 : size };
  });
}

/** Until the server is up, a connection is refused in several ways; all mean: not yet. */
async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // invalid_password: it is up, and no waiting will help.
    if (errorCode(error) === "28P01")
      throw new EmbeddedPostgresError(
        "The embedded PostgreSQL refuses the password in passwords.json: the file belongs to another database.",
        { cause: error },
      );
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function failure({ home }: ServerSpec, output: string): EmbeddedPostgresError {
  if (/No space left on device/.test(output))
    return new EmbeddedPostgresError(
      `${home.data}: the disk is full. Free some space, then start again.`,
    );
  const tail = output.split("\n").slice(-5).join("\n");
  return new EmbeddedPostgresError(`PostgreSQL on ${home.data} does not start:\n${tail}`);
}
