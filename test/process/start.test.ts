import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken } from "../../src/platform/crypto/tokens.ts";
import { findRunningPostgres } from "../../src/platform/db/embedded/start-embedded-postgres.ts";
import { openDatabase } from "../../src/platform/db/db.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { freePort } from "../support/free-port.ts";
import { startSallyportProcess, waitFor } from "../support/sallyport-process.ts";

/*
 * `npm start` on the embedded database, from the first start on: what it prints, what it keeps, what it
 * refuses, and that nothing of it is left behind.
 */

const CLAIM_LINK = /http:\/\/localhost:\d+\/claim\?token=([0-9A-Za-z]{43})/;
let dataDir: string;
let env: Record<string, string>;
const claimTokens: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sallyport-start-"));
  await chmod(dataDir, 0o755);
  env = { SALLYPORT_DATA_DIR: dataDir, SALLYPORT_PORT: String(await freePort()) };
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const keyPath = () => join(dataDir, "secret-key");

async function claimHash(): Promise<Buffer | null> {
  const running = await findRunningPostgres(dataDir);
  if (running === undefined) throw new Error("PostgreSQL runs");
  const { db, close } = openDatabase(running.runtimeUrl, () => {});
  const row = await db.selectFrom("installation").select("claim_hash").executeTakeFirstOrThrow();
  await close();
  return row.claim_hash;
}

async function claimTokenOf(output: string): Promise<string> {
  const token = CLAIM_LINK.exec(output)?.[1] ?? "";
  expect(await claimHash()).toEqual(hashToken(token));
  return token;
}

test("npm start on a new data directory says where it is and who may claim it, and stops by SIGTERM", async () => {
  const child = spawn("npm", ["start"], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  await waitFor(async () => child.exitCode !== null || output.includes("/claim?token="));
  expect(errors).not.toContain("Sallyport does not start");
  const origin = `http://localhost:${env["SALLYPORT_PORT"]}`;
  for (const part of ["Sallyport is ready", origin, `${origin}/sandbox/mail`, dataDir, "Ctrl+C"])
    expect(output).toContain(part);
  const token = await claimTokenOf(output);
  claimTokens.push(token);
  expect(errors).not.toContain(token);
  expect((await stat(keyPath())).mode & 0o777).toBe(0o600);

  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(await findRunningPostgres(dataDir)).toBeUndefined();
});

test("the next start keeps the key and makes a new claim link; the old one is dead", async () => {
  const key = await readFile(keyPath(), "utf8");
  const sallyport = await startSallyportProcess(env);
  expect(await readFile(keyPath(), "utf8")).toBe(key);
  const token = await claimTokenOf(sallyport.output());
  expect(claimTokens).not.toContain(token);
  expect(await sallyport.stop()).toBe(0);
});

test("after kill -9 the next start serves the same data", async () => {
  const killed = await startSallyportProcess(env);
  await killed.kill();
  const sallyport = await startSallyportProcess(env);
  expect(await sallyport.stop()).toBe(0);
});

test("another secret key is refused, and the data stay for the right one", async () => {
  const { code, errors } = await runToEnd({
    ...env,
    SALLYPORT_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"),
  });
  expect(code).toBe(78);
  expect(errors).toContain("not the one this database was made with");
});

test("a secret key that is gone is asked for, and none is made in its place", async () => {
  await rename(keyPath(), `${keyPath()}.away`);
  const { code, errors } = await runToEnd(env);
  expect(code).toBe(78);
  expect(errors).toContain(`${keyPath()} is gone`);
  await expect(stat(keyPath())).rejects.toThrow("ENOENT");
  await writeFile(keyPath(), "not a key");
  const damaged = await runToEnd(env);
  expect([damaged.code, damaged.errors]).toEqual([78, expect.stringContaining("is damaged")]);
  await rename(`${keyPath()}.away`, keyPath());
});

test("with the key back, and beside a running one, the second is refused by name", async () => {
  const sallyport = await startSallyportProcess(env);
  const { code, errors } = await runToEnd({ ...env, SALLYPORT_PORT: String(await freePort()) });
  expect(code).toBe(1);
  expect(errors).toContain(`process ${sallyport.pid}`);
  expect(await sallyport.stop()).toBe(0);
});

test("wrong settings are listed, all of them, before anything is touched", async () => {
  const { code, errors } = await runToEnd({ ...env, SALLYPORT_PORT: "x", SALLYPORT_SIGN_UP: "y" });
  expect(code).toBe(78);
  expect(errors).toContain("2 settings are not right");
  expect(errors).toContain("SALLYPORT_PORT: is a port");
  expect(errors).toContain("SALLYPORT_SIGN_UP: is one of open, invited");
});
