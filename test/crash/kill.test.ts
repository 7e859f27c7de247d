import { mkdtemp, chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCheckpoint } from "../../src/contract/proofs/checkpoint.ts";
import { parseNote, parseVerifierKey } from "../../src/contract/proofs/note.ts";
import { verifyLog, type ReadFile } from "../../src/contract/proofs/verify-log.ts";
import { proofCrypto } from "../../src/platform/crypto/proof-crypto.ts";
import { findRunningPostgres } from "../../src/platform/db/embedded/start-embedded-postgres.ts";
import { decodeEntries } from "../../src/record/entries/entry-codec.ts";
import { Browser } from "../support/person.ts";
import { freePort } from "../support/free-port.ts";
import {
  startSallyportProcess,
  waitFor,
  type SallyportProcess,
} from "../support/sallyport-process.ts";

/*
 * `kill -9` of Sallyport and of PostgreSQL under load, as `npm start` runs them. Every change that was
 * acknowledged is there with its entry; no change is there without its entry and no entry without its change;
 * and the public log goes on from whatever was shown of it.
 */

const ROUNDS = process.env["SALLYPORT_TEST_LONG"] === "1" ? 20 : 2;
const WRITERS = 6;
/** Acknowledged changes in a round before the blow falls. */
const CHANGES_BEFORE = 40;
const ROUNDS_OF_AN_OWNER = 4;

let dataDir: string;
let env: Record<string, string>;
let sallyport: SallyportProcess;
let owner: Browser;
let owners = 0;
const acknowledged = new Set<string>();
const readAcknowledged = { decisions: 0 };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sallyport-kill-"));
  await chmod(dataDir, 0o755);
  env = { SALLYPORT_DATA_DIR: dataDir, SALLYPORT_PORT: String(await freePort()) };
  sallyport = await startSallyportProcess(env);
}, 120_000);

afterAll(async () => {
  await sallyport?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Makes apps, one after the other, until it is told to stop; remembers those that were acknowledged. */
async function write(worker: number, round: string, load: { isOver: boolean }): Promise<void> {
  for (let index = 0; !load.isOver; index++) {
    const name = `${round}-${worker}-${index}`;
    const reply = await owner.call("POST", "/v1/apps", { name }).catch(() => null);
    if (reply === null) continue; // the connection broke: nobody promised anything
    if (reply.status === 201) acknowledged.add(name);
    else expect(reply.status).toBe(503);
  }
}

/** Reads, whose entries must be there once the answer is. */
async function read(load: { isOver: boolean }): Promise<void> {
  while (!load.isOver) {
    const reply = await owner.call("GET", "/v1/organisations").catch(() => null);
    if (reply?.status === 200) readAcknowledged.decisions += 1;
  }
}

/** An organisation holds so many apps only: after some rounds another owner makes them. */
async function changeOwner(round: number): Promise<void> {
  if (round % ROUNDS_OF_AN_OWNER !== 0) return;
  owner = new Browser(sallyport.url);
  await owner.signUp(`owner-${owners++}@example.test`, "Olive Owner");
}

async function underLoad(round: string, strike: () => Promise<void>): Promise<void> {
  const load = { isOver: false };
  const before = acknowledged.size;
  const work = [
    ...Array.from({ length: WRITERS }, (_, worker) => write(worker, round, load)),
    read(load),
  ];
  await waitFor(async () => acknowledged.size - before >= CHANGES_BEFORE);
  await strike();
  load.isOver = true;
  await Promise.all(work);
}

/** What was acknowledged may be known here before a killed PostgreSQL runs again. */
async function connectAgain(): Promise<Client> {
  let connected: Client | undefined;
  await waitFor(async () => {
    const running = await findRunningPostgres(dataDir);
    if (running === undefined) return false;
    const client = new Client({ connectionString: running.ownerUrl });
    connected = await client.connect().then(
      () => client,
      () => undefined, // it recovers
    );
    return connected !== undefined;
  });
  if (connected === undefined) throw new Error("waitFor waited for it");
  return connected;
}

/** What the database holds, read as its owner. */
async function stored() {
  const client = await connectAgain();
  try {
    const apps = await client.query<{ id: string; name: string }>("select id, name from app");
    const batches = await client.query<{ writer: number; number: string; payload: Buffer }>(
      "select writer, number, payload from entry_batch",
    );
    const entries = batches.rows.flatMap(({ payload }) => decodeEntries(payload));
    return { apps: apps.rows, entries, batches: batches.rows };
  } finally {
    await client.end();
  }
}

async function expectNothingLost(): Promise<void> {
  const { apps, entries } = await stored();
  const names = new Set(apps.map(({ name }) => name));
  expect([...acknowledged].filter((name) => !names.has(name))).toEqual([]);
  const created = entries
    .filter(({ action, outcome }) => action === "app.created" && outcome === "done")
    .map(({ appId }) => appId);
  expect(created.toSorted()).toEqual(apps.map(({ id }) => id).toSorted());
  const reads = entries.filter(
    ({ action, outcome }) => action === "organisation.listed" && outcome === "done",
  );
  expect(reads.length).toBeGreaterThanOrEqual(readAcknowledged.decisions);
}

/** The last checkpoint that was seen: whatever dies, the log goes on from it. */
let kept: string | undefined;

/** All that is on record comes into the public log, under its first name. */
async function expectOneLog(): Promise<void> {
  const fetchFile = async (path: string) => {
    const reply = await fetch(`${sallyport.url}/audit/${path}`);
    if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
    return new Uint8Array(await reply.arrayBuffer());
  };
  const { batches } = await stored();
  await waitFor(async () => {
    const text = await fetchFile("checkpoint").then(
      (bytes) => new TextDecoder().decode(bytes),
      () => "",
    );
    return (parseCheckpoint(parseNote(text)?.text ?? "")?.size ?? 0) >= batches.length;
  });
  const vkey = new TextDecoder().decode(await fetchFile("key")).trim();
  const key = parseVerifierKey(proofCrypto.sha256, vkey);
  if (key === null) throw new Error("the log has no key");
  let checkpoint = "";
  const keeping: ReadFile = async (path) => {
    const bytes = await fetchFile(path);
    if (path === "checkpoint") checkpoint = new TextDecoder().decode(bytes);
    return bytes;
  };
  const report = await verifyLog(proofCrypto, { read: keeping, key, earlier: kept });
  expect(report).toMatchObject({ altered: [], origin: expect.stringMatching(/\/audit\/1$/) });
  kept = checkpoint;
}

test(
  "Sallyport killed under load: nothing acknowledged is lost, nothing is half done",
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await changeOwner(round);
      await underLoad(`s${round}`, () => sallyport.kill());
      sallyport = await startSallyportProcess(env);
      await expectNothingLost();
      await expectOneLog();
    }
  },
  60_000 * ROUNDS,
);

test(
  "PostgreSQL killed under load: nothing acknowledged is lost, and Sallyport goes on by itself",
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await changeOwner(round);
      await underLoad(`p${round}`, async () => {
        const running = await findRunningPostgres(dataDir);
        process.kill(running?.pid ?? 0, "SIGKILL");
        const before = acknowledged.size;
        await waitFor(async () => acknowledged.size > before);
      });
      await expectNothingLost();
      await expectOneLog();
    }
  },
  60_000 * ROUNDS,
);

// A number that is missing shows a deleted batch; only the tail of a killed writer may be missing.
test("no batch number is missing inside a writer's run", async () => {
  await waitFor(async () => {
    const { batches } = await stored();
    const byWriter = Map.groupBy(batches, ({ writer }) => writer);
    const live = Math.max(...byWriter.keys());
    return (
      (byWriter.get(live) ?? []).length ===
      Math.max(...(byWriter.get(live) ?? []).map(({ number }) => Number(number)))
    );
  });
});
