import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import { pino } from "pino";
import { createKeyRing } from "../src/platform/crypto/key-ring.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { openDatabase, type OpenDatabase } from "../src/platform/db/db.ts";
import { encode, parseEntryId } from "../src/record/entries/batch.ts";
import type { Entry } from "../src/record/entries/entry.ts";
import { Recorder } from "../src/record/entries/recorder.ts";
import { folderAnchor } from "../src/record/anchor/anchor.ts";
import { LogSigner } from "../src/record/sequencer/log-key.ts";
import { Memory, sequenceRound } from "../src/record/sequencer/sequence-round.ts";
import { Sequencer } from "../src/record/sequencer/sequencer.ts";
import { settleEpoch, type SigningServices } from "../src/record/sequencer/settle-epoch.ts";
import { signRound } from "../src/record/sequencer/sign-round.ts";
import { machine, median, openLab, type Lab } from "./lab.ts";

/** Entries on their way at a time, in both races. */
const IN_FLIGHT = 1_000;
/** The floor's statement: rows in one, and connections. */
const RAW_ROWS = 250;
const RAW_CONNECTIONS = 4;
const RACES = 3;
/** What the sequencer has to catch up with. */
const BACKLOG = 200_000;
const PACE_PER_SECOND = 5_000;
/** A tick of the paced load, ms. */
const TICK_MS = 10;
/** Between two looks at what is published, ms. */
const LOOK_MS = 10;

/**
 * What it costs that the record proves itself: entries that are committed and in a signed checkpoint
 * against the same bytes in raw batched inserts, how fast the sequencer catches up, and how long an entry
 * waits for its checkpoint.
 */
export async function benchPublicLog(
  seconds: number,
  tell: (line: string) => void,
): Promise<object> {
  const lab = await openLab({ isPinned: false });
  const anchor = await mkdtemp(join(tmpdir(), "sallyport-bench-anchor-"));
  const owner = openDatabase(lab.ownerUrl, () => {}, { max: 4 });
  try {
    const bench = await openBench(lab, owner, anchor);
    try {
      const races = await race(bench, { seconds, tell });
      const sequenced = await catchUp(bench, tell);
      const waits = await paced(bench, { seconds, tell });
      return { ...races, ...sequenced, ...waits, machine: machine() };
    } finally {
      await bench.recorder.close();
    }
  } finally {
    await owner.close();
    await rm(anchor, { recursive: true });
    await lab.stop();
  }
}

type Bench = {
  recorder: Recorder;
  services: SigningServices;
  owner: OpenDatabase;
  runtimeUrl: string;
};

async function openBench(lab: Lab, owner: OpenDatabase, anchor: string): Promise<Bench> {
  const log = pino({ level: "silent" });
  const keyRing = createKeyRing({ current: lab.secretKey, previous: [] });
  const processId = uuidv7(Date.now());
  await owner.pool.query(
    "insert into process (id, roles, seen_at) values ($1, '{web}', now() + interval '1 day')",
    [processId],
  );
  const pem = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" });
  return {
    recorder: await Recorder.start({
      databaseUrl: lab.runtimeUrl,
      processId,
      keyRing,
      clock: { now: () => new Date(), databaseShiftMs: 0 },
      log,
    }),
    services: {
      db: owner.db,
      keyRing,
      log,
      prefix: "bench.example.test/audit",
      signer: new LogSigner(pem.toString()),
      anchor: folderAnchor(anchor),
      needsWitnesses: false,
    },
    owner,
    runtimeUrl: lab.runtimeUrl,
  };
}

let made = 0;
/** A read by a key, as most entries are. */
const anEntry = (): Entry => ({
  at: new Date(),
  action: "app.read",
  outcome: "done",
  actor: { kind: "api-key", accountId: uuidv7(Date.now()), credentialId: "k1234567890a" },
  appId: uuidv7(Date.now()),
  address: "192.0.2.7",
  userAgent: "curl/8.5.0",
  requestId: `bench-${made++}`,
});

/** As many at a time as are wanted, for so long. @returns how many were done. */
async function keepBusy(
  forMs: number,
  width: number,
  act: () => Promise<unknown>,
): Promise<number> {
  const until = performance.now() + forMs;
  let done = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (performance.now() < until) {
        await act();
        done += 1;
      }
    }),
  );
  return done;
}

async function race(
  bench: Bench,
  { seconds, tell }: { seconds: number; tell: (line: string) => void },
) {
  const pairs: { ours: number; raw: number }[] = [];
  for (let turn = 0; turn < RACES; turn += 1) {
    const pair = { raw: await raceRaw(bench, seconds), ours: await raceOurs(bench, seconds) };
    tell(`signed ${pair.ours.toFixed(0)} entries/s, raw ${pair.raw.toFixed(0)} rows/s`);
    pairs.push(pair);
  }
  const ours = median(pairs.map((pair) => pair.ours));
  const raw = median(pairs.map((pair) => pair.raw));
  return {
    ratio: median(pairs.map((pair) => pair.ours / pair.raw)).toFixed(2),
    "signed entries/s": Math.round(ours),
    "raw rows/s": Math.round(raw),
  };
}

/** Entries a second from the first call until a signed checkpoint covers the last. */
async function raceOurs({ recorder, services, owner }: Bench, seconds: number): Promise<number> {
  const sequencer = new Sequencer(services);
  sequencer.start();
  const began = performance.now();
  const done = await keepBusy(seconds * 1000, IN_FLIGHT, () => recorder.submit(anEntry()));
  await allPublished(owner);
  const rate = done / ((performance.now() - began) / 1000);
  await sequencer.stop();
  return rate;
}

async function allPublished({ pool }: OpenDatabase): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ whole: boolean }>(
      `select bool_and(writer.sequenced_through >= coalesce(
           (select max(number) from entry_batch where entry_batch.writer = writer.id), 0))
         and (select bool_and(published_size = size) from log_epoch) as whole
       from entry_writer as writer`,
    );
    if (rows[0]?.whole === true) return;
    await delay(LOOK_MS);
  }
}

/** The same bytes, nothing asked and nothing proven: a key, a time and the entry, in one plain table. */
async function raceRaw({ runtimeUrl, owner }: Bench, seconds: number): Promise<number> {
  await owner.pool.query(
    "drop table if exists bench_raw; create table bench_raw (id uuid primary key, at timestamptz not null, payload bytea not null); grant insert on bench_raw to public",
  );
  const pool = new Pool({ connectionString: runtimeUrl, max: RAW_CONNECTIONS });
  try {
    const began = performance.now();
    const statements = await keepBusy(seconds * 1000, RAW_CONNECTIONS, async () => {
      const entries = Array.from({ length: RAW_ROWS }, anEntry);
      await pool.query({
        name: "raw",
        text: "insert into bench_raw select * from unnest($1::uuid[], $2::timestamptz[], $3::bytea[])",
        values: [
          entries.map(() => uuidv7(Date.now())),
          entries.map(({ at }) => at),
          entries.map((entry) => Buffer.from(encode(entry).text)),
        ],
      });
    });
    return (statements * RAW_ROWS) / ((performance.now() - began) / 1000);
  } finally {
    await pool.end();
  }
}

/** A backlog that nobody sequenced, as after the sequencer was away. */
async function catchUp({ recorder, services }: Bench, tell: (line: string) => void) {
  let left = BACKLOG;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await recorder.submit(anEntry());
    }),
  );
  await settleEpoch(services);
  const memory = new Memory();
  const began = performance.now();
  while ((await sequenceRound(services, memory)).hasMore);
  const ms = performance.now() - began;
  await signRound(services);
  const rate = Math.round(BACKLOG / (ms / 1000));
  tell(`sequenced ${BACKLOG} entries in ${ms.toFixed(0)} ms`);
  return { "sequenced entries/s": rate };
}

type Committed = { atMs: number; entryId: string };

/** How long after its commit an entry is in a signed checkpoint, at a steady pace. */
async function paced(
  { recorder, services, owner }: Bench,
  { seconds, tell }: { seconds: number; tell: (line: string) => void },
) {
  const sequencer = new Sequencer(services);
  sequencer.start();
  const committed: Committed[] = [];
  const published: { atMs: number; size: number }[] = [];
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      const { rows } = await owner.pool.query<{ size: number }>(
        "select max(published_size)::float8 as size from log_epoch",
      );
      published.push({ atMs: performance.now(), size: rows[0]?.size ?? 0 });
      await delay(LOOK_MS);
    }
  })();
  const began = performance.now();
  const load: Promise<void>[] = [];
  for (let sent = 0; performance.now() - began < seconds * 1000; await delay(TICK_MS)) {
    const due = ((performance.now() - began) / 1000) * PACE_PER_SECOND;
    for (; sent < due; sent += 1)
      load.push(
        recorder.submit(anEntry()).then(({ entryId }) => {
          committed.push({ atMs: performance.now(), entryId });
        }),
      );
  }
  await Promise.all(load);
  await allPublished(owner);
  await delay(LOOK_MS * 3);
  watching.abort();
  await watch;
  await sequencer.stop();
  const waits = await waitsOf(owner, committed, published);
  const at = (share: number) => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0);
  tell(
    `${committed.length} entries at ${PACE_PER_SECOND}/s waited p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
  );
  return {
    "commit to checkpoint, p50 ms": at(0.5),
    "commit to checkpoint, p99 ms": at(0.99),
    "at entries/s": Math.round(committed.length / seconds),
  };
}

async function waitsOf(
  { pool }: OpenDatabase,
  committed: readonly Committed[],
  published: readonly { atMs: number; size: number }[],
): Promise<number[]> {
  const { rows } = await pool.query<{ place: string; index: number }>(
    "select writer || '-' || number as place, index::float8 from log_leaf where writer is not null",
  );
  const indexes = new Map(rows.map(({ place, index }) => [place, index]));
  return committed
    .map(({ atMs, entryId }) => {
      const place = parseEntryId(entryId);
      const index = indexes.get(`${place?.writer}-${place?.number}`) ?? Number.POSITIVE_INFINITY;
      const seen = published.find((look) => look.size > index && look.atMs >= atMs);
      return (seen?.atMs ?? Number.POSITIVE_INFINITY) - atMs;
    })
    .toSorted((a, b) => a - b);
}
