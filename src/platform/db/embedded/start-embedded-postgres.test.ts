import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { findClusterHome, type ClusterHome } from "./cluster-home.ts";
import { clusterProcesses } from "./cluster-processes.ts";
import { processStamp } from "./process-lock.mjs";
import {
  findRunningPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "./start-embedded-postgres.ts";

const MODULE = new URL("./start-embedded-postgres.ts", import.meta.url).href;
const log = { info: () => {}, warn: () => {}, error: () => {} };

const running: EmbeddedPostgres[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

it("keeps its data over a restart, and serves a role that may not touch them", async () => {
  const dataDir = join(await openFolder(), ".sallyport");
  const first = await start(dataDir);
  await query(first.ownerUrl, "create table kept (id int)");
  await query(first.ownerUrl, "insert into kept values (7)");
  await expect(query(first.runtimeUrl, "select from kept")).rejects.toThrow(/permission denied/);
  await expect(query(first.runtimeUrl, "create database mine")).rejects.toThrow(
    /permission denied/,
  );
  expect(await settingsOf(first.runtimeUrl)).toEqual({
    durable: "on on on",
    listen: "",
    timeouts: "30s 30s",
    collation: "C C.UTF-8 UTF8",
  });
  await stop(first);
  expect(await findRunningPostgres(dataDir)).toBeUndefined();

  const second = await start(dataDir);
  expect(await query(second.ownerUrl, "select id from kept")).toEqual([{ id: 7 }]);
});

it("asks for the password, so that the runtime cannot name itself the owner", async () => {
  const server = await start(join(await openFolder(), ".sallyport"));
  const runtime = new URL(server.runtimeUrl);
  runtime.username = "sallyport_owner";
  await expect(query(runtime.href, "select 1")).rejects.toThrow(/password authentication failed/);
});

it("takes over from a Sallyport that was killed, with what it had committed", async () => {
  const dataDir = join(await openFolder(), ".sallyport");
  const child = await startInChild(dataDir, "create table kept as select 7 as id");
  const orphan = await findRunningPostgres(dataDir);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(orphan?.pid)).toBe(true);

  const server = await start(dataDir);
  expect(isAlive(orphan?.pid)).toBe(false);
  expect(await query(server.ownerUrl, "select id from kept")).toEqual([{ id: 7 }]);
});

it("starts PostgreSQL again after its kill -9, with what it had committed", async () => {
  const dataDir = join(await openFolder(), ".sallyport");
  const server = await start(dataDir);
  await query(server.ownerUrl, "create table kept (id int)");
  const ends: unknown[] = [];
  server.onExit((exit) => ends.push(exit));
  for (const id of [1, 2]) {
    await query(server.ownerUrl, `insert into kept values (${id})`);
    const before = await findRunningPostgres(dataDir);
    process.kill(before?.pid ?? Number.NaN, "SIGKILL");
    await expect
      .poll(async () => (await findRunningPostgres(dataDir))?.pid, { timeout: 20_000 })
      .not.toBeOneOf([undefined, before?.pid]);
  }
  const rows = await query(server.ownerUrl, "select id from kept order by id");
  expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
  expect(ends).toEqual([
    { code: null, signal: "SIGKILL" },
    { code: null, signal: "SIGKILL" },
  ]);
});

it("starts after Sallyport and PostgreSQL were both killed, though the pid in the lock file is somebody else's now", async () => {
  const dataDir = join(await openFolder(), ".sallyport");
  const child = await startInChild(dataDir, "create table kept as select 7 as id");
  const home = await homeOf(dataDir);
  child.kill("SIGKILL");
  for (const pid of await clusterProcesses(home)) process.kill(pid, "SIGKILL");
  await expect.poll(() => clusterProcesses(home)).toEqual([]);
  const lock = join(home.data, "postmaster.pid");
  const text = await readFile(lock, "utf8");
  await writeFile(lock, text.replace(/^\d+/, String(process.pid)));

  const server = await start(dataDir);
  expect(await query(server.ownerUrl, "select id from kept")).toEqual([{ id: 7 }]);
});

it("refuses a second Sallyport on the same data and names the first", async () => {
  const dataDir = join(await openFolder(), ".sallyport");
  await start(dataDir);
  await expect(start(dataDir)).rejects.toThrow(
    `Another Sallyport (process ${process.pid}) runs on ${dataDir}`,
  );
});

it("runs below a directory of mode 700 and on a path far longer than a socket's may be", async () => {
  const closed = await mkdtemp(join(tmpdir(), "sallyport-test-"));
  removeLater(closed);
  await chmod(closed, 0o700);
  const dataDir = join(closed, "a".repeat(120), "b".repeat(120), ".sallyport");
  await mkdir(join(dataDir, ".."), { recursive: true });
  removePlaceLater(dataDir);
  const first = await start(dataDir);
  await query(first.ownerUrl, "create table kept as select 7 as id");
  await stop(first);
  const second = await start(dataDir);
  expect(await query(second.ownerUrl, "select id from kept")).toEqual([{ id: 7 }]);
});

it("names the folder that is not one, and data of another release", async () => {
  const folder = await openFolder();
  await writeFile(join(folder, "file"), "");
  await expect(start(join(folder, "file", "data"))).rejects.toThrow(
    `${folder}/file/data: a part of`,
  );

  const dataDir = join(folder, ".sallyport");
  await stop(await start(dataDir));
  const home = await homeOf(dataDir);
  await writeFile(join(home.data, "PG_VERSION"), "14\n");
  await expect(start(dataDir)).rejects.toThrow(/was written by PostgreSQL 14, and this release/);
});

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log });
  running.push(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.stop();
}

/** A process of its own that starts PostgreSQL, runs one statement and stays until it is killed. */
async function startInChild(dataDir: string, statement: string): Promise<ChildProcess> {
  const program = `
    import { Client } from "pg";
    import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)};
    const log = { info() {}, warn() {}, error() {} };
    const { ownerUrl } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log });
    const client = new Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query(${JSON.stringify(statement)});
    console.log("committed");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  expect(String(line)).toBe("committed\n");
  return child;
}

/** A folder that other users may walk into. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-test-"));
  await chmod(folder, 0o755);
  removeLater(folder);
  return folder;
}

function removeLater(folder: string): void {
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
}

/** Data that had to be kept outside of the data directory. */
function removePlaceLater(dataDir: string): void {
  onTestFinished(async () => {
    const home = await findClusterHome(dataDir);
    if (home !== undefined) await rm(join(home.data, ".."), { recursive: true, force: true });
  });
}

async function homeOf(dataDir: string): Promise<ClusterHome> {
  const home = await findClusterHome(dataDir);
  if (home === undefined) throw new Error(`nothing was started on ${dataDir}`);
  return home;
}

function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && processStamp(pid) !== null;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function settingsOf(url: string): Promise<unknown> {
  const [row] = await query(
    url,
    `select concat_ws(' ', current_setting('fsync'), current_setting('full_page_writes'),
         current_setting('synchronous_commit')) as durable,
       current_setting('listen_addresses') as listen,
       concat_ws(' ', current_setting('statement_timeout'),
         current_setting('idle_in_transaction_session_timeout')) as timeouts,
       (select concat_ws(' ', datcollate, datlocale, pg_encoding_to_char(encoding))
          from pg_database where datname = current_database()) as collation`,
  );
  return row;
}
