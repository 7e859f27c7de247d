import { createPublicKey, hash, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concat, fromHex } from "../../src/contract/proofs/bytes.ts";
import { tilePath } from "../../src/contract/proofs/tiles.ts";
import {
  LogFault,
  verifyLog,
  type ProofCrypto,
  type ReadFile,
} from "../../src/contract/proofs/verify-log.ts";
import { addBatches, startLog, type LogBench } from "../builders/log.ts";
import { startHarness, type Harness } from "../harness.ts";

/* Attacks on a log by whoever runs it or may write to its database, each found by somebody who only reads it. */

const crypto: ProofCrypto = {
  sha256: (bytes) => hash("sha256", bytes, "buffer"),
  isSigned: async (publicKey, message, signature) => {
    const spki = Buffer.from(concat(fromHex("302a300506032b6570032100") ?? publicKey, publicKey));
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    return verify(null, message, key, signature);
  },
};

let h: Harness;
let log: LogBench;
/** The checkpoint of the first 300 leaves, kept by a careful reader. */
let earlier: string;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  await addBatches(log.owner, h.services.keyRing, { count: 300 });
  await log.catchUp();
  earlier = await textOf("checkpoint");
  await addBatches(log.owner, h.services.keyRing, { count: 400 });
  await log.catchUp();
});
afterAll(async () => {
  await log.close();
  await h.stop();
});

const read: ReadFile = async (path) => {
  const reply = await h.app.inject({ method: "GET", url: `/audit/${path}` });
  if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.statusCode}`);
  return new Uint8Array(reply.rawPayload);
};

const textOf = async (path: string) => new TextDecoder().decode(await read(path));

const key = () => log.services.signer.verifierKey("sec.example.test/audit/1");

const check = async (given: Partial<Parameters<typeof verifyLog>[1]> = {}) =>
  await verifyLog(crypto, { read, key: key(), earlier, ...given }).catch((error: unknown) => {
    if (error instanceof LogFault) return { fault: error.message, leaf: error.leaf };
    throw error;
  });

/** Reads as before, but for one file. */
const instead =
  (path: string, change: (bytes: Uint8Array) => Uint8Array): ReadFile =>
  async (asked) => {
    const bytes = Uint8Array.from(await read(asked));
    return asked === path ? change(bytes) : bytes;
  };

/** Somebody with the database's rights changes something, and puts it back afterwards. */
async function tampered<T>(sql: string, work: () => Promise<T>): Promise<T> {
  const { pool } = log.owner;
  await pool.query(
    "create table kept_leaf as table log_leaf; create table kept_tile as table log_tile",
  );
  await pool.query("create table kept_epoch as table log_epoch");
  try {
    await pool.query(sql);
    return await work();
  } finally {
    await pool.query(
      "truncate log_epoch cascade; insert into log_epoch table kept_epoch; insert into log_leaf table kept_leaf; insert into log_tile table kept_tile",
    );
    await pool.query("drop table kept_leaf, kept_tile, kept_epoch");
  }
}

test("an honest log is what it says, and goes on from what was kept", async () => {
  const seen: number[] = [];
  const report = await check({ onProgress: (done) => void seen.push(done) });
  expect(report).toEqual({
    origin: "sec.example.test/audit/1",
    size: 700,
    entries: 700,
    altered: [],
    goesOnFrom: 300,
  });
  expect(seen).toEqual([256, 512, 700]);
  expect(await check({ earlier: undefined })).toMatchObject({ goesOnFrom: null });
});

describe("whoever runs the log", () => {
  test.each([
    ["changes a leaf", "update log_leaf set leaf = set_byte(leaf, 20, 1) where index = 417", 417],
    [
      "changes how many entries a batch had",
      "update log_leaf set leaf = set_byte(leaf, 5, 7) where index = 3",
      3,
    ],
    [
      "swaps two leaves",
      "update log_leaf a set leaf = b.leaf from log_leaf b where (a.index, b.index) in ((20, 21), (21, 20))",
      20,
    ],
  ])("%s: found, and named", async (_name, sql, leaf) => {
    expect(await tampered(sql, () => check({ earlier: undefined }))).toEqual({
      fault: `Leaf ${leaf} is not the one that was signed.`,
      leaf,
    });
  });

  test("deletes a leaf: found, with its bundle", async () => {
    expect(await tampered("delete from log_leaf where index = 600", () => check())).toMatchObject({
      fault: "Bundle 2 does not hold 188 leaves.",
    });
  });

  test("changes a leaf and the hashes that stand over it: found", async () => {
    const sql = "update log_leaf set leaf = set_byte(leaf, 20, 1) where index = 500";
    const change = (hashes: Uint8Array) => hashes.fill(1, 244 * 32, 245 * 32);
    const found = await tampered(sql, () =>
      check({
        earlier: undefined,
        read: instead(tilePath({ level: 0, n: 1, width: 256 }), change),
      }),
    );
    expect(found).toMatchObject({
      fault: expect.stringMatching(/not the one|do not have the root/),
    });
  });

  test("shows a former checkpoint as the present one: found by what was kept", async () => {
    const later = await textOf("checkpoint");
    expect(
      await check({
        read: instead("checkpoint", () => new TextEncoder().encode(earlier)),
        earlier: later,
      }),
    ).toMatchObject({
      fault: expect.stringContaining("it was cut, or is shown from the past"),
      leaf: 300,
    });
  });

  test("rewrites the past and signs it again: found by what was kept", async () => {
    const forked = await startHarness({ isFiling: false });
    const log2 = await startLog(forked.database.ownerUrl, { keyRing: forked.services.keyRing });
    log2.services.signer = log.services.signer;
    await addBatches(log2.owner, forked.services.keyRing, { count: 500 });
    await log2.catchUp();
    const readFork: ReadFile = async (path) =>
      new Uint8Array(
        (await forked.app.inject({ method: "GET", url: `/audit/${path}` })).rawPayload,
      );
    expect(await check({ read: readFork })).toMatchObject({
      fault: "Among the first 300 leaves one is not what it was.",
    });
    expect(await check({ read: readFork, earlier: undefined })).toMatchObject({ size: 500 });
    await log2.close();
    await forked.stop();
  });

  test("signs with another key, or shows another log: found", async () => {
    const unsigned = (bytes: Uint8Array) => {
      const text = new TextDecoder().decode(bytes);
      return new TextEncoder().encode(
        text.replace(/.(?=.{3}\n$)/, (last) => (last === "A" ? "B" : "A")),
      );
    };
    expect(await check({ read: instead("checkpoint", unsigned) })).toMatchObject({
      fault: expect.stringMatching(/not signed|can't be read/),
    });
    expect(await check({ key: { ...key(), name: "other.example.test" } })).toMatchObject({
      fault: expect.stringContaining("The checkpoint is of sec.example.test/audit/1"),
    });
    expect(await check({ read: instead("checkpoint", () => new Uint8Array()) })).toMatchObject({
      fault: "The checkpoint can't be read.",
    });
  });
});
