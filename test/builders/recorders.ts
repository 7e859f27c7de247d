import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { createKeyRing, type KeyRing } from "../../src/platform/crypto/key-ring.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import { openDatabase } from "../../src/platform/db/db.ts";
import { entryId, verifyBatch, type BatchRow } from "../../src/record/entries/batch.ts";
import { decodeEntries } from "../../src/record/entries/entry-codec.ts";
import type { Entry } from "../../src/record/entries/entry.ts";
import { Recorder } from "../../src/record/entries/recorder.ts";
import { startClock, type TestClock } from "../clock.ts";

export type RecordBench = {
  recorder: Recorder;
  keyRing: KeyRing;
  clock: TestClock;
  /** Rows of this recorder's writer in the order of their numbers. */
  batches(): Promise<BatchRow[]>;
  /** Entries of this recorder's writer by their id. */
  found(): Promise<Map<string, Entry>>;
  /** The numbers up to the highest that no batch has. */
  missing(): Promise<number[]>;
  sql: ReturnType<typeof openDatabase>["pool"];
  close(): Promise<void>;
};

/** A recorder by itself. It may write by way of `url` (a proxy); what is looked at comes straight from `databaseUrl`. */
export async function startRecorder(
  databaseUrl: string,
  { url = databaseUrl }: { url?: string } = {},
): Promise<RecordBench> {
  const keyRing = createKeyRing({ current: randomBytes(32), previous: [] });
  const clock = startClock();
  const recorder = await Recorder.start({
    databaseUrl: url,
    processId: uuidv7(Date.now()),
    keyRing,
    clock,
    log: pino({ level: "silent" }),
  });
  const { pool, close } = openDatabase(databaseUrl, () => {});
  const batches = () => readBatches(pool, recorder.numbers.writer);
  return {
    recorder,
    keyRing,
    clock,
    sql: pool,
    batches,
    async found() {
      const entries = new Map<string, Entry>();
      for (const row of await batches()) {
        if (!verifyBatch(keyRing, row)) throw new Error(`batch ${row.number} has a wrong MAC`);
        for (const [position, entry] of decodeEntries(row.payload).entries())
          entries.set(entryId(row, position), entry);
      }
      return entries;
    },
    async missing() {
      const there = new Set((await batches()).map(({ number }) => number));
      const highest = Math.max(0, ...there);
      return Array.from({ length: highest }, (_, index) => index + 1).filter(
        (number) => !there.has(number),
      );
    },
    async close() {
      await recorder.close();
      await close();
    },
  };
}

async function readBatches(
  pool: ReturnType<typeof openDatabase>["pool"],
  writer: number,
): Promise<BatchRow[]> {
  const { rows } = await pool.query<Omit<BatchRow, "number"> & { number: string }>(
    `select day, writer, number, class, at, count, organisations, accounts, apps, credentials, payload,
       mac, mac_key_id as "macKeyId"
     from entry_batch where writer = $1 order by number`,
    [writer],
  );
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}
