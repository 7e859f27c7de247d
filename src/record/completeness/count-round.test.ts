import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { addBatches } from "../../../test/builders/log.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { parseCheckpoint } from "../../contract/proofs/checkpoint.ts";
import { countSubjects, type Count } from "../../contract/proofs/count-map.ts";
import { parseNote } from "../../contract/proofs/note.ts";
import { openCount, openMap } from "../../contract/proofs/verify-counts.ts";
import { openDatabase, type OpenDatabase } from "../../platform/db/db.ts";
import type { Entry } from "../entries/entry.ts";
import { folderAnchor } from "../anchor/anchor.ts";
import { LogSigner } from "../sequencer/log-key.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { Memory, sequenceRound } from "../sequencer/sequence-round.ts";
import { settleEpoch, type SigningServices } from "../sequencer/settle-epoch.ts";
import { signRound } from "../sequencer/sign-round.ts";
import { CountReader } from "./count-reader.ts";
import { countRound, CountMemory } from "./count-round.ts";
import { lastMapWithin } from "./map-queries.ts";
import { thinMaps } from "./thin-maps.ts";

let database: TestDatabase;
let owner: OpenDatabase;
let b: RecordBench;
let services: SigningServices;
let memory: Memory;
let counts: CountMemory;
beforeAll(async () => {
  database = await cloneTemplate();
  owner = openDatabase(database.ownerUrl, () => {});
});
afterAll(async () => {
  await owner.close();
  await database.drop();
});

beforeEach(async () => {
  await owner.pool.query(
    "truncate entry_batch, entry_writer, sequence_gap, process, count_map, count_subject, count_change, count_bucket, count_request; truncate log_epoch cascade",
  );
  const folder = await mkdtemp(join(tmpdir(), "sallyport-anchor-"));
  b = await startRecorder(database.runtimeUrl);
  const { privateKey } = generateKeyPairSync("ed25519");
  services = {
    db: owner.db,
    keyRing: b.keyRing,
    log: pino({ level: "silent" }),
    prefix: "sec.example.test/audit",
    signer: new LogSigner(privateKey.export({ format: "pem", type: "pkcs8" }).toString()),
    anchor: folderAnchor(folder),
    needsWitnesses: false,
  };
  memory = new Memory();
  counts = new CountMemory();
  return async () => {
    await b.close();
    await rm(folder, { recursive: true });
  };
});

const ORGANISATION = randomUUID();
const [SHOP, BLOG] = [randomUUID(), randomUUID()];
const [ANNA, HUGO] = [randomUUID(), randomUUID()];

const act = (accountId: string, given: Partial<Entry> = {}): Partial<Entry> => ({
  outcome: "done",
  action: "app.read",
  actor: { kind: "session", accountId, credentialId: randomUUID() },
  organisationId: ORGANISATION,
  appId: SHOP,
  ...given,
});

const put = async (...entries: Partial<Entry>[]) =>
  await Promise.all(
    entries.map((entry) => b.recorder.submit(anEntry({ at: b.clock.now(), ...entry }))),
  );

async function sequence(): Promise<void> {
  await settleEpoch(services);
  while ((await sequenceRound(services, memory)).hasMore);
}

async function countUp(): Promise<void> {
  await sequence();
  while ((await countRound(services, counts, { isDue: true })).hasMore);
  await signRound(services);
}

/** What the newest map proves of a subject, checked as anybody would. */
async function proven(subject: string, size?: number): Promise<Count | null> {
  const reader = await CountReader.open(owner.db, null);
  const map = reader && (await lastMapWithin(owner.db, { ...reader.log, ...(size && { size }) }));
  if (reader === null || map === null) throw new Error("nothing is counted");
  const checkpoint = parseCheckpoint(parseNote(reader.log.checkpoint)?.text ?? "");
  if (checkpoint === null) throw new Error("nothing is signed");
  const opened = openMap(sha256, checkpoint, await reader.proveMap(map));
  const { count, proof } = await reader.count(map, subject);
  expect(
    openCount(sha256, opened, { subject, salt: reader.saltOf(subject), count: proof }),
  ).toEqual(count);
  return count;
}

const maps = async () =>
  (
    await owner.pool.query<{ epoch: number; index: number; covered: number }>(
      "select epoch, index::int, covered::int from count_map order by epoch, index",
    )
  ).rows;

/** The leaf with the batch of an entry. */
const leafOf = async (writerNumber: number) =>
  (
    await owner.pool.query<{ index: number }>(
      "select index::int from log_leaf where number = $1 and writer = $2",
      [writerNumber, b.recorder.numbers.writer],
    )
  ).rows[0]?.index;

describe("the log's counts", () => {
  test("say of everybody how many entries there are, and where the last one stands", async () => {
    await put(act(ANNA), act(ANNA), act(HUGO, { appId: BLOG }));
    await put(act(ANNA, { outcome: "refused" }));
    await put(act(HUGO, { appId: undefined, targets: [{ type: "app", id: BLOG }] }));
    await put({}, {});
    await countUp();
    expect((await proven(countSubjects.organisation(ORGANISATION)))?.count).toBe(5);
    expect((await proven(countSubjects.app(SHOP)))?.count).toBe(3);
    expect((await proven(countSubjects.app(BLOG)))?.count).toBe(2);
    // What was refused is no act of theirs.
    expect((await proven(countSubjects.actsIn(ORGANISATION, ANNA)))?.count).toBe(2);
    expect((await proven(countSubjects.actsAt(BLOG, HUGO)))?.count).toBe(2);
    expect(await proven(countSubjects.actsAt(BLOG, ANNA))).toBeNull();
    expect(await proven(countSubjects.app(randomUUID()))).toBeNull();

    await put(act(ANNA));
    await countUp();
    const [batch] = (await b.batches()).filter(({ apps }) => apps.includes(SHOP)).slice(-1);
    expect(await proven(countSubjects.actsAt(SHOP, ANNA))).toEqual({
      count: 3,
      last: await leafOf(batch?.number ?? 0),
    });
  });

  test("go on from what is on disk, whoever counted before, and count nothing twice", async () => {
    for (let turn = 0; turn < 6; turn++) {
      await put(act(ANNA), act(HUGO));
      await sequence();
      counts = new CountMemory();
      await Promise.all([
        countRound(services, counts, { isDue: true }),
        countRound(services, new CountMemory(), { isDue: true }),
      ]);
    }
    await countUp();
    expect(await proven(countSubjects.actsAt(SHOP, HUGO))).toMatchObject({ count: 6 });
    expect(await proven(countSubjects.app(SHOP))).toMatchObject({ count: 12 });
  });

  test("take what came into the log before there were any, round by round", async () => {
    await put(act(ANNA));
    await addBatches(owner, b.keyRing, { count: 1_100 });
    await put(act(ANNA));
    await sequence();
    await signRound(services);
    let rounds = 1;
    while ((await countRound(services, counts, { isDue: true })).hasMore) rounds += 1;
    await signRound(services);
    expect([rounds, (await maps()).map(({ covered }) => covered)]).toEqual([2, [1_000, 1_102]]);
    expect(await proven(countSubjects.app(SHOP))).toMatchObject({ count: 2 });
  });

  test("are what they were in every earlier map too", async () => {
    const sizes: number[] = [];
    for (let turn = 1; turn <= 4; turn++) {
      await put(act(ANNA), act(turn % 2 === 0 ? HUGO : ANNA));
      await countUp();
      sizes.push(((await maps()).at(-1)?.index ?? 0) + 1);
    }
    const proved = [];
    for (const size of sizes) proved.push((await proven(countSubjects.app(SHOP), size))?.count);
    expect(proved).toEqual([2, 4, 6, 8]);
    expect(await proven(countSubjects.actsAt(SHOP, HUGO), sizes[0])).toBeNull();
    expect(await proven(countSubjects.actsAt(SHOP, HUGO), sizes[2])).toMatchObject({ count: 1 });
  });

  test("are not made anew without news, nor within a minute of the last", async () => {
    await put(act(ANNA));
    await sequence();
    await countRound(services, counts);
    await countRound(services, counts, { isDue: true });
    expect(await maps()).toHaveLength(1);
    await put(act(ANNA));
    await sequence();
    await countRound(services, counts);
    expect(await maps()).toHaveLength(1);
    await owner.pool.query("update count_map set made_at = made_at - interval '61 seconds'");
    await countRound(services, counts);
    expect(await maps()).toHaveLength(2);
  });

  test("are made at once for what somebody waits for, and only when that is in the log", async () => {
    await put(act(ANNA));
    await countUp();
    await put(act(ANNA));
    const waited = (await b.batches()).at(-1);
    await owner.pool.query("insert into count_request values ($1, $2)", [
      waited?.writer,
      waited?.number,
    ]);
    await countRound(services, counts);
    expect(await maps()).toHaveLength(1);
    await sequence();
    await countRound(services, counts);
    expect(await maps()).toHaveLength(2);
    expect((await owner.pool.query("select from count_request")).rowCount).toBe(0);
  });

  test("leave out a part that can't be read, and nothing else", async () => {
    await put(act(ANNA));
    await sequence();
    await owner.pool.query(
      "update entry_batch set payload = convert_to(regexp_replace(convert_from(payload, 'UTF8'), '\\na[^\\n]*', ''), 'UTF8')",
    );
    await countUp();
    expect(await proven(countSubjects.app(SHOP))).toMatchObject({ count: 1 });
    expect(await proven(countSubjects.actsAt(SHOP, ANNA))).toBeNull();
  });
});

test("a log that goes on under another name counts anew, under other tags", async () => {
  for (let turn = 0; turn < 3; turn++) await put(act(ANNA));
  await countUp();
  await put(act(ANNA));
  await sequence(); // not signed: comes into the next life
  const salt = (await CountReader.open(owner.db, null))?.saltOf(countSubjects.app(SHOP));
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  services = { ...services, signer: new LogSigner(pem) };
  await put(act(ANNA), act(HUGO));
  await countUp();
  expect((await maps()).map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(await proven(countSubjects.actsAt(SHOP, ANNA))).toMatchObject({ count: 2 });
  expect((await CountReader.open(owner.db, null))?.saltOf(countSubjects.app(SHOP))).not.toBe(salt);
  const former = await CountReader.open(owner.db, 1);
  const map = former && (await lastMapWithin(owner.db, former.log));
  expect(map && (await former.count(map, countSubjects.app(SHOP))).count).toMatchObject({
    count: 3,
  });
});

test("of old maps the last of each day stays, and still proves what it did", async () => {
  const age = (days: number) =>
    owner.pool.query(
      "update count_map set made_at = date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC' + interval '1 hour' - $1 * interval '1 day' where index = (select max(index) from count_map)",
      [days],
    );
  const sizes: number[] = [];
  for (const daysAgo of [30, 30, 30, 20, 20, 1, 1]) {
    await put(act(ANNA), act(HUGO, { appId: BLOG }));
    await countUp();
    await age(daysAgo);
    sizes.push(((await maps()).at(-1)?.index ?? 0) + 1);
  }
  await thinMaps(owner.db);
  expect((await maps()).map(({ index }) => index + 1)).toEqual(
    [2, 4, 5, 6].map((turn) => sizes[turn]),
  );
  for (const turn of [2, 4, 5, 6])
    expect((await proven(countSubjects.app(SHOP), sizes[turn]))?.count).toBe(turn + 1);
  const { rows } = await owner.pool.query("select count(*)::int from count_change");
  expect(rows).toEqual([{ count: 4 * 7 }]); // seven subjects, which changed each time
});
