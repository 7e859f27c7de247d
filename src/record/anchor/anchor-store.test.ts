import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLog, addBatches, type LogBench } from "../../../test/builders/log.ts";
import { receiverAuthority } from "../../../test/support/receivers.ts";
import { S3_KEY, startS3Receiver, type S3Receiver } from "../../../test/support/s3-receiver.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { createKeyRing } from "../../platform/crypto/key-ring.ts";
import { anchorIn } from "./anchor.ts";
import { folderStore, type AnchorStore } from "./anchor-store.ts";
import { bucketStore } from "./bucket-store.ts";

let folder: string;
let storage: S3Receiver;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-anchor-"));
  storage = await startS3Receiver("anchor");
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await storage.stop();
});

const bucket = (path = "anchor/log", key = S3_KEY): AnchorStore =>
  bucketStore(
    { url: new URL(`${storage.endpoint}/${path}`), region: "eu-central-1", ...key },
    { ca: receiverAuthority.ca },
  );

describe.each([
  ["a folder", () => folderStore(folder)],
  ["a bucket", () => bucket()],
])("in %s", (_name, open) => {
  test("what was written is read again, whole, by name", async () => {
    const store = open();
    expect(await store.list("")).toEqual([]);
    expect(await store.read("1.checkpoint")).toBe(null);
    await store.replace("1.checkpoint", "one");
    await store.replace("1.checkpoint", "Zoë\n🌊");
    await store.replace("2.checkpoint", "two");
    expect(await store.read("1.checkpoint")).toBe("Zoë\n🌊");
    expect((await store.list("")).filter((name) => name.endsWith("t")).toSorted()).toEqual([
      "1.checkpoint",
      "2.checkpoint",
    ]);
  });

  test("of a hundred that make the same text at once one does, and it stays", async () => {
    const store = open();
    const made = await Promise.all(
      Array.from({ length: 100 }, (_, turn) => store.createOnce("once/1.json", String(turn))),
    );
    const winners = made.flatMap((isMade, turn) => (isMade ? [String(turn)] : []));
    expect(winners).toHaveLength(1);
    expect(await store.read("once/1.json")).toBe(winners[0]);
  });

  test("more names than come at once are all listed, each folder's alone", async () => {
    const store = open();
    const names = Array.from({ length: 450 }, (_, number) => `${number + 1}.json`);
    for (const name of names) await store.createOnce(`many/${name}`, name);
    await store.replace("many/deeper/1.json", "1");
    const listed = (await store.list("many")).filter((name) => name.endsWith(".json"));
    expect(listed.toSorted()).toEqual(names.toSorted());
  });
});

test("a storage that refuses us, or is away, is an error that says so, and never nothing", async () => {
  const stranger = bucket("anchor/log", { ...S3_KEY, secretAccessKey: "another" });
  await expect(stranger.list("")).rejects.toThrow("the storage refused us");
  await expect(stranger.read("1.checkpoint")).rejects.toThrow("the storage refused us");
  await expect(stranger.replace("1.checkpoint", "x")).rejects.toThrow("the storage refused us");
  await expect(stranger.createOnce("1.checkpoint", "x")).rejects.toThrow("the storage refused us");
  const away = bucketStore(
    { url: new URL("https://localhost:9/anchor"), region: "x", ...S3_KEY },
    { ca: receiverAuthority.ca },
  );
  await expect(away.read("1.checkpoint")).rejects.toThrow("no connection");
});

describe("a log whose anchor is a bucket", () => {
  let database: TestDatabase;
  let log: LogBench;
  const keyRing = createKeyRing({ current: Buffer.alloc(32, 7), previous: [] });
  beforeAll(async () => {
    database = await cloneTemplate();
    log = await startLog(database.ownerUrl, { keyRing, anchor: anchorIn(bucket("anchor/signed")) });
  });
  afterAll(async () => {
    await log.close();
    await database.drop();
  });
  const head = async () => {
    const { rows } = await log.owner.pool.query<{ epoch: number; checkpoint: string }>(
      "select epoch, checkpoint from log_epoch order by epoch desc limit 1",
    );
    return rows[0];
  };

  test("shows nothing that the bucket does not hold, and another name when the database forgot", async () => {
    await addBatches(log.owner, keyRing, { count: 3 });
    await log.catchUp();
    const signed = await head();
    expect(storage.objects.get("signed/1.checkpoint")?.toString()).toBe(signed?.checkpoint);

    await addBatches(log.owner, keyRing, { count: 2 });
    storage.fails = 1;
    await expect(log.catchUp()).rejects.toThrow("the storage answered with 503");
    expect(await head()).toEqual(signed);
    await log.catchUp();
    expect((await head())?.checkpoint).not.toBe(signed?.checkpoint);

    // The database comes back as it was; the bucket remembers more.
    await log.owner.pool.query(
      "delete from log_leaf where index >= 3; update log_epoch set size = 3, checkpoint_size = 3, published_size = 3",
    );
    await log.owner.pool.query("update log_epoch set checkpoint = $1", [signed?.checkpoint]);
    await log.catchUp();
    expect((await head())?.epoch).toBe(2);
  });
});
