import { randomBytes, randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Checkpoint } from "../../src/contract/proofs/checkpoint.ts";
import { hashLeaf, rootOf } from "../../src/contract/proofs/merkle.ts";
import { parseVerifierKey } from "../../src/contract/proofs/note.ts";
import { openCheckpoint } from "../../src/contract/proofs/verify-log.ts";
import { TileTree } from "../../src/contract/proofs/tile-tree.ts";
import { createKeyRing, type KeyRing } from "../../src/platform/crypto/key-ring.ts";
import { proofCrypto } from "../../src/platform/crypto/proof-crypto.ts";
import { openDatabase, type OpenDatabase } from "../../src/platform/db/db.ts";
import { sha256 } from "../../src/record/sequencer/log-tree.ts";
import { tileReader } from "../../src/record/sequencer/read-tile.ts";
import { addBatches } from "../builders/log.ts";
import { startLossyProxy, type Fault, type LossyProxy } from "../lossy-proxy.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { cloneTemplate, type TestDatabase } from "../template-database.ts";

/*
 * `kill -9` of the sequencer at each of its statements: before PostgreSQL has it, and after it was carried
 * out. Whatever was lost, the next one goes on: no batch without a leaf, none with two, one tree, and
 * nothing that was shown is ever taken back.
 */

const isLong = process.env["SALLYPORT_TEST_LONG"] === "1";
const RANDOM_ROUNDS = isLong ? 200 : 4;
const SEED = 20_261_127;
const SCRIPT = fileURLToPath(new URL("./sequencer-process.ts", import.meta.url));
/** Enough for some tiles' edges, few enough to be quick. */
const MOST_BATCHES = 300;

const COMMIT = /^commit/i;
/** What it says to PostgreSQL, in the order of a round; of a commit, what that transaction said before. */
const STEPS = {
  "committing the log's name": [COMMIT, /insert into log_epoch/],
  "taking the lock": [/pg_try_advisory_xact_lock/],
  "reading where the log stands": [/from log_epoch order by epoch desc/],
  "reading what waits": [/json_agg\(json_build_object/],
  "advancing a writer": [/set sequenced_through/],
  "reading batches": [/join entry_batch as batch using/],
  "adding leaves": [/insert into log_leaf/],
  "growing tiles": [/insert into log_tile/],
  "growing the log": [/update log_epoch set size/],
  "committing leaves": [COMMIT, /set sequenced_through/],
  "publishing what is signed": [/update log_epoch set checkpoint/],
  "committing what is signed": [COMMIT, /update log_epoch set checkpoint/],
  counting: [/insert into count_subject/],
  "waiting to add the counts": [/pg_advisory_xact_lock/],
  "adding a map of counts": [/insert into count_map/],
  "committing counts": [COMMIT, /insert into count_map/],
} as const;
type Step = keyof typeof STEPS;
const steps = Object.keys(STEPS) as Step[];

let database: TestDatabase;
let owner: OpenDatabase;
let folder: string;
let keyRing: KeyRing;
const secret = randomBytes(32);
beforeAll(async () => {
  database = await cloneTemplate();
  owner = openDatabase(database.ownerUrl, () => {});
  keyRing = createKeyRing({ current: secret, previous: [] });
});
afterAll(async () => {
  await owner.close();
  await database.drop();
});

type Running = { child: ChildProcess; proxy: LossyProxy; end(): Promise<void> };
const running = new Set<Running>();

async function startOne(): Promise<Running> {
  const proxy = await startLossyProxy(database.ownerUrl);
  const args = [proxy.url, join(folder, "log.key"), join(folder, "anchor")];
  const child = spawn(process.execPath, [SCRIPT, ...args, secret.toString("base64")], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const one: Running = {
    child,
    proxy,
    end: async () => {
      running.delete(one);
      child.kill("SIGKILL");
      await ended;
      await proxy.stop();
    },
  };
  running.add(one);
  return one;
}

/** Kills it when it has come to a statement. */
async function killAt(one: Running, step: Step, fault: Fault): Promise<void> {
  const [statement, after] = STEPS[step];
  await one.proxy.breakAt(statement, fault, after);
  await one.end();
}

/** What was shown, ever: a log goes on from each of them. */
let shown: Checkpoint[];
beforeEach(async () => {
  shown = [];
  folder = await mkdtemp(join(tmpdir(), "sallyport-sequencer-"));
  await owner.pool.query(
    "truncate entry_batch, entry_writer, sequence_gap, count_map, count_seed, count_subject, count_change, count_bucket, count_request; truncate log_epoch cascade",
  );
  return async () => {
    await Promise.all([...running].map(async (each) => await each.end()));
    await rm(folder, { recursive: true });
  };
});

async function look(): Promise<Checkpoint | null> {
  const { rows } = await owner.pool.query<{ published: string; key: string }>(
    "select published, verifier_key as key from log_epoch where published is not null",
  );
  const [row] = rows;
  if (row === undefined) return null;
  const key = parseVerifierKey(sha256, row.key);
  if (key === null) throw new Error("the log has no key");
  const checkpoint = await openCheckpoint(proofCrypto, row.published, key);
  shown.push(checkpoint);
  return checkpoint;
}

/** Until all that is on record is in the log, and shown. */
async function caughtUp(): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await owner.pool.query<{ isCaughtUp: boolean }>(
        `select (select count(*) from entry_batch) = count(leaf.writer)
           and (select published_size from log_epoch) = count(*)
           and not exists (select 1 from count_request) as "isCaughtUp"
         from log_leaf as leaf`,
      );
      expect(rows[0]?.isCaughtUp).toBe(true);
    },
    { timeout: 20_000, interval: 25 },
  );
}

async function expectOneWholeLog(): Promise<void> {
  const last = await look();
  const { rows } = await owner.pool.query<{ index: number; leaf: Buffer; place: string }>(
    `select index::int, leaf, coalesce(writer || '-' || number, 'counts ' || index) as place from log_leaf
     where epoch = 1 order by index`,
  );
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_, index) => index));
  expect(new Set(rows.map(({ place }) => place)).size).toBe(rows.length);
  const epochs = await owner.pool.query("select 1 from log_epoch");
  expect(epochs.rowCount, "lives of the log").toBe(1);
  const hashes = rows.map(({ leaf }) => hashLeaf(sha256, leaf));
  for (const { size, root } of shown)
    expect(Buffer.from(rootOf(sha256, hashes.slice(0, size)))).toEqual(Buffer.from(root));
  const tree = new TileTree(sha256, rows.length, tileReader(owner.db, 1));
  expect(Buffer.from(await tree.root())).toEqual(Buffer.from(last?.root ?? []));
}

const random = seededRandom(SEED);
/** Batches come, and somebody waits for one of them to be counted: a map is due at once. */
async function put(): Promise<void> {
  const count = 1 + Math.floor(random() * MOST_BATCHES);
  await addBatches(owner, keyRing, { count, appId: randomUUID() });
  await owner.pool.query("insert into count_request select max(writer), 1 from entry_batch");
}

describe("one sequencer", () => {
  // In the short run every other step is lost, and the others go unanswered.
  const all = steps.flatMap((step) => [[step, "lost"] as const, [step, "unanswered"] as const]);
  test.each(isLong ? all : all.filter((_, index) => index % 4 === 0 || index % 4 === 3))(
    "killed at %s (%s): the next goes on from what is on disk",
    async (step, fault) => {
      await put();
      await killAt(await startOne(), step, fault);
      await look();
      await startOne();
      await caughtUp();
      await expectOneWholeLog();
    },
  );
});

test(
  `${RANDOM_ROUNDS} rounds of two at once, one or both killed anywhere: seed ${SEED}`,
  async () => {
    for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
      const [one, other] = [await startOne(), await startOne()];
      const kills = [one, other].slice(0, 1 + Math.floor(random() * 2)).map(async (victim) => {
        const step = steps[Math.floor(random() * steps.length)] ?? "committing leaves";
        const killed = killAt(victim, step, random() < 0.5 ? "lost" : "unanswered");
        // The other may do all the work, and this one never come there.
        await Promise.race([killed, caughtUp().then(() => victim.end())]);
      });
      await put();
      await Promise.all(kills);
      await look();
      if (running.size === 0) await startOne();
      await caughtUp();
      await expectOneWholeLog();
      await Promise.all([...running].map(async (each) => await each.end()));
    }
  },
  60_000 + RANDOM_ROUNDS * 30_000,
);
