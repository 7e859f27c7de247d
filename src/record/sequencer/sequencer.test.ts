import { hash, generateKeyPairSync, createPublicKey, verify } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { toHex } from "../../contract/proofs/bytes.ts";
import { parseCheckpoint } from "../../contract/proofs/checkpoint.ts";
import { decodeBatchLeaf, encodeBatchLeaf, verdicts } from "../../contract/proofs/commitment.ts";
import { hashLeaf, rootOf } from "../../contract/proofs/merkle.ts";
import { parseNote, signaturesBy } from "../../contract/proofs/note.ts";
import { openDatabase, type OpenDatabase } from "../../platform/db/db.ts";
import { folderAnchor, type Anchor } from "../anchor/anchor.ts";
import { BatchCommitter } from "./commit-batch.ts";
import { LogSigner } from "./log-key.ts";
import { sha256 } from "./log-tree.ts";
import { Memory, sequenceRound } from "./sequence-round.ts";
import { settleEpoch, type SigningServices } from "./settle-epoch.ts";
import { signRound } from "./sign-round.ts";

let database: TestDatabase;
let owner: OpenDatabase;
let b: RecordBench;
let folder: string;
let services: SigningServices;
let memory: Memory;
beforeAll(async () => {
  database = await cloneTemplate();
  owner = openDatabase(database.ownerUrl, () => {});
});
afterAll(async () => {
  await owner.close();
  await database.drop();
});

const newSigner = () =>
  new LogSigner(
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  );

beforeEach(async () => {
  await owner.pool.query(
    "truncate entry_batch, entry_writer, sequence_gap, process; truncate log_epoch cascade",
  );
  folder = await mkdtemp(join(tmpdir(), "sallyport-anchor-"));
  b = await startRecorder(database.runtimeUrl);
  services = {
    db: owner.db,
    keyRing: b.keyRing,
    log: pino({ level: "silent" }),
    prefix: "sec.example.test/audit",
    signer: newSigner(),
    anchor: folderAnchor(folder),
    needsWitnesses: false,
  };
  memory = new Memory();
  return async () => {
    await b.close();
    await rm(folder, { recursive: true });
  };
});

const put = async (count = 1) =>
  await Promise.all(
    Array.from({ length: count }, () => b.recorder.submit(anEntry({ at: b.clock.now() }))),
  );

/** Says that the writer's process lives, or was seen so long ago. */
const beat = (secondsAgo = 0) =>
  owner.pool.query(
    `insert into process (id, roles, seen_at)
     select process_id, '{web}', clock_timestamp() - $2 * interval '1 second' from entry_writer where id = $1
     on conflict (id) do update set seen_at = excluded.seen_at`,
    [b.recorder.numbers.writer, secondsAgo],
  );

/** Everything that is there comes into the log and is signed. */
async function catchUp(): Promise<void> {
  await settleEpoch(services);
  while ((await sequenceRound(services, memory)).hasMore);
  await signRound(services);
}

type Leaf = {
  epoch: number;
  index: number;
  leaf: Buffer;
  number: number | null;
  seed: Buffer | null;
};

async function leaves(epoch = 1): Promise<Leaf[]> {
  const { rows } = await owner.pool.query<Leaf>(
    "select epoch, index::int, leaf, number::float8, seed from log_leaf where epoch = $1 order by index",
    [epoch],
  );
  return rows;
}

async function published(): Promise<{
  origin: string;
  size: number;
  root: string;
  isSigned: boolean;
}> {
  const { rows } = await owner.pool.query<{ checkpoint: string }>(
    "select checkpoint from log_epoch where checkpoint is not null order by epoch desc limit 1",
  );
  const note = parseNote(rows[0]?.checkpoint ?? "");
  const checkpoint = parseCheckpoint(note?.text ?? "");
  if (note === null || checkpoint === null) throw new Error("nothing is published");
  const key = services.signer.verifierKey(checkpoint.origin);
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key.publicKey]),
    format: "der",
    type: "spki",
  });
  const isSigned = signaturesBy(note, key).some(({ signature }) =>
    verify(null, Buffer.from(note.text), publicKey, signature),
  );
  return { ...checkpoint, root: Buffer.from(checkpoint.root).toString("hex"), isSigned };
}

const rootOfLeaves = (found: readonly Leaf[]): string =>
  Buffer.from(
    rootOf(
      sha256,
      found.map(({ leaf }) => hashLeaf(sha256, leaf)),
    ),
  ).toString("hex");

describe("what is committed", () => {
  test("comes into the log once, in order, and the signed checkpoint covers it", async () => {
    for (let turn = 0; turn < 5; turn++) await put(7);
    await catchUp();
    for (let turn = 0; turn < 300; turn++) await put();
    await catchUp();
    const batches = await b.batches();
    const found = await leaves();
    expect(found.map(({ index }) => index)).toEqual(found.map((_, index) => index));
    expect(found.map(({ number }) => number)).toEqual(batches.map(({ number }) => number));
    const committer = new BatchCommitter();
    const expected = batches.map((batch, index) =>
      encodeBatchLeaf({
        verdict: verdicts.asWritten,
        count: batch.count,
        root: committer.rootOf(batch, found[index]?.seed ?? Buffer.alloc(32)),
      }),
    );
    expect(found.map(({ leaf }) => toHex(leaf))).toEqual(expected.map(toHex));
    expect(await published()).toEqual({
      origin: "sec.example.test/audit/1",
      size: found.length,
      root: rootOfLeaves(found),
      isSigned: true,
    });
  });

  test("of several sequencers at once comes in once, while more is written", async () => {
    await settleEpoch(services);
    const memories = [new Memory(), new Memory(), new Memory()];
    for (let turn = 0; turn < 20; turn++) {
      await put(5);
      await Promise.all(
        memories.map(async (some) => {
          await sequenceRound(services, some);
          await signRound(services);
        }),
      );
    }
    await catchUp();
    const found = await leaves();
    expect(found.map(({ number }) => number).toSorted((a, z) => Number(a) - Number(z))).toEqual(
      (await b.batches()).map(({ number }) => number),
    );
    expect(await published()).toMatchObject({ size: found.length, root: rootOfLeaves(found) });
  });

  test("waits behind a number that a living process still owes, and goes past it when it is gone", async () => {
    for (let turn = 0; turn < 4; turn++) await put();
    const kept = await owner.pool.query("select * from entry_batch where number = 2");
    await owner.pool.query("delete from entry_batch where number = 2");
    await beat();
    await catchUp();
    expect((await leaves()).map(({ number }) => number)).toEqual([1]);
    await beat(60);
    await catchUp();
    expect((await leaves()).map(({ number }) => number)).toEqual([1, 3, 4]);
    const columns = Object.keys(kept.rows[0]);
    await owner.pool.query(
      `insert into entry_batch (${columns.join()}) values (${columns.map((_, index) => `$${index + 1}`).join()})`,
      columns.map((name) => kept.rows[0][name]),
    );
    await catchUp();
    expect((await leaves()).map(({ number }) => number)).toEqual([1, 3, 4, 2]);
  });

  test("under a number beyond all others comes in, and what is missing before it is not counted out", async () => {
    await put();
    await put();
    await owner.pool.query("update entry_batch set number = 900000000000000 where number = 2");
    await catchUp();
    expect((await leaves()).map(({ number }) => number)).toEqual([1, 900_000_000_000_000]);
    const { rows } = await owner.pool.query("select count(*)::int as gaps from sequence_gap");
    expect(rows).toEqual([{ gaps: 0 }]);
  });

  test("that is not as it was written comes in as it is found, and the leaf says so", async () => {
    for (let turn = 0; turn < 3; turn++) await put();
    await owner.pool.query("update entry_batch set count = 9 where number = 2");
    await owner.pool.query("update entry_batch set payload = 'no entry' where number = 3");
    await catchUp();
    expect((await leaves()).map(({ leaf }) => decodeBatchLeaf(leaf)?.verdict)).toEqual([0, 1, 1]);
  });
});

describe("a round that breaks off", () => {
  test("leaves nothing, and the next one does it all", async () => {
    await put(3);
    await catchUp();
    for (let turn = 0; turn < 6; turn++) await put();
    const doomed = openDatabase(database.ownerUrl, () => {}, { application_name: "doomed" });
    for (let turn = 0; turn < 15; turn++) {
      await put();
      const round = sequenceRound({ ...services, db: doomed.db }, memory).catch(() => {});
      await owner.pool.query("select pg_sleep($1)", [turn / 2000]);
      await owner.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed' and datname = current_database()",
      );
      await round;
    }
    await doomed.close();
    await catchUp();
    const found = await leaves();
    expect(found.map(({ number }) => number)).toEqual((await b.batches()).map((row) => row.number));
    expect(await published()).toMatchObject({ size: found.length, root: rootOfLeaves(found) });
  });

  test("between anchor and publication publishes the same or more, never less", async () => {
    await put(3);
    await settleEpoch(services);
    await sequenceRound(services, memory);
    const failing: Anchor = {
      ...services.anchor,
      write: async (epoch, source) => {
        await services.anchor.write(epoch, source);
        throw new Error("killed here");
      },
    };
    await expect(signRound({ ...services, anchor: failing })).rejects.toThrow("killed here");
    await expect(published()).rejects.toThrow("nothing is published");
    await put(2);
    await catchUp();
    expect((await published()).size).toBe((await leaves()).length);
  });

  test("an anchor that cannot be read keeps anything from being signed", async () => {
    await put();
    await settleEpoch(services);
    await sequenceRound(services, memory);
    const blind: Anchor = {
      ...services.anchor,
      read: () => Promise.reject(new Error("no folder")),
    };
    await expect(signRound({ ...services, anchor: blind })).rejects.toThrow("no folder");
    await expect(published()).rejects.toThrow("nothing is published");
  });
});

describe("a database that came back from the past", () => {
  /** What a restore does to the log's tables and to what was written since. */
  async function restoreTo(size: number): Promise<void> {
    const kept = (await leaves()).slice(0, size);
    const last = kept.at(-1)?.number ?? 0;
    await owner.pool.query("delete from log_leaf where index >= $1", [size]);
    await owner.pool.query("delete from entry_batch where number > $1", [last]);
    await owner.pool.query(
      "update log_epoch set checkpoint = null, checkpoint_size = 0, published = null, published_size = 0, size = $1",
      [size],
    );
    await owner.pool.query("update entry_writer set sequenced_through = $1", [last]);
    await owner.pool.query("update log_tile set hashes = substr(hashes, 1, $1)", [32 * size]);
    memory = new Memory();
  }

  test("goes on under another name, whose first leaf commits to what was signed last", async () => {
    for (let turn = 0; turn < 6; turn++) await put();
    await catchUp();
    const before = (await services.anchor.read())?.source ?? "";
    await restoreTo(4);
    await catchUp();
    const [link, ...others] = await leaves(2);
    const text = parseNote(before)?.text ?? "";
    expect(link?.leaf).toEqual(
      Buffer.concat([Buffer.of(5), hash("sha256", Buffer.from(text), "buffer")]),
    );
    // What was not signed in what came back is in the new life.
    expect(others.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(await published()).toMatchObject({ origin: "sec.example.test/audit/2", size: 5 });
    expect((await services.anchor.read())?.epoch).toBe(2);
  });

  test("is noticed at signing when it came back under a running process", async () => {
    for (let turn = 0; turn < 6; turn++) await put();
    await catchUp();
    await restoreTo(2);
    await sequenceRound(services, memory);
    expect(await signRound(services)).toEqual({ broken: "database-behind" });
    expect((await services.anchor.read())?.checkpoint.size).toBe(6);
  });

  test("is noticed when it has grown past what was signed with another history", async () => {
    for (let turn = 0; turn < 3; turn++) await put();
    await catchUp();
    await restoreTo(1);
    for (let turn = 0; turn < 5; turn++) await put();
    while ((await sequenceRound(services, memory)).hasMore);
    expect(await signRound(services)).toEqual({ broken: "database-forked" });
  });

  test("is noticed when nothing of the log is left in it", async () => {
    await put(2);
    await catchUp();
    await owner.pool.query(
      "truncate log_epoch cascade; update entry_writer set sequenced_through = 0",
    );
    memory = new Memory();
    await catchUp();
    expect(await published()).toMatchObject({ origin: "sec.example.test/audit/2" });
  });
});

test("another key goes on under another name", async () => {
  await put();
  await catchUp();
  services = { ...services, signer: newSigner() };
  await put();
  expect(await signRound(services)).toBeNull(); // nothing new to sign yet
  await sequenceRound(services, memory);
  expect(await signRound(services)).toEqual({ broken: "key-changed" });
  await catchUp();
  expect(await published()).toMatchObject({ origin: "sec.example.test/audit/2", isSigned: true });
  const numbers = [...(await leaves(1)), ...(await leaves(2))].flatMap(
    ({ number }) => number ?? [],
  );
  expect(numbers).toEqual([1, 2]);
});
