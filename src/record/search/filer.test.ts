import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { openDatabase, type OpenDatabase } from "../../platform/db/db.ts";
import { encode, sealBatch } from "../entries/batch.ts";
import { Filer } from "./filer.ts";
import { fileRound, type FilingServices } from "./file-round.ts";
import { CHUNK_SPAN_MS } from "./index-routine.ts";

let database: TestDatabase;
/** The owner's connection: it alone may alter and delete what is on record. */
let owner: OpenDatabase;
let opened: OpenDatabase;

beforeAll(async () => {
  database = await cloneTemplate();
  owner = openDatabase(database.ownerUrl, () => {});
  opened = openDatabase(database.runtimeUrl, () => {});
});
afterAll(async () => {
  await owner.close();
  await opened.close();
  await database.drop();
});

const ACCOUNT = "0196c0de-0000-7000-8000-0000000000aa";

const servicesOf = (b: RecordBench): FilingServices => ({
  db: opened.db,
  clock: b.clock,
  log: pino({ level: "silent" }),
  keyRing: b.keyRing,
  recorder: b.recorder,
});

const ROUND = { withBad: false, withEnds: false };

async function withRecorder(work: (b: RecordBench) => Promise<void>): Promise<void> {
  const b = await startRecorder(database.runtimeUrl);
  try {
    await work(b);
  } finally {
    await b.close();
    // The next test's rounds are about its own writer.
    await owner.pool.query("update entry_writer set ended_at = now()");
  }
}

const put = (b: RecordBench, outcome: "done" | "refused" = "refused") =>
  b.recorder.submit(
    anEntry({
      at: b.clock.now(),
      outcome,
      actor: { kind: "session", accountId: ACCOUNT, credentialId: "s" },
    }),
  );

/** Writes a batch as a writer would that is out of turn. */
async function putNumber(
  b: RecordBench,
  number: number,
  entryClass: "important" | "routine" = "important",
) {
  const outcome = entryClass === "important" ? "refused" : "done";
  const at = b.clock.now();
  const key = { day: at.toISOString().slice(0, 10), writer: b.recorder.numbers.writer, number };
  const row = sealBatch(b.keyRing, key, {
    at,
    entries: [
      encode(
        anEntry({ outcome, actor: { kind: "session", accountId: ACCOUNT, credentialId: "s" } }),
      ),
    ],
  });
  await b.sql.query(
    "insert into entry_batch values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    [
      row.day,
      row.writer,
      row.number,
      row.class,
      row.at,
      row.count,
      row.organisations,
      row.accounts,
      row.apps,
      row.credentials,
      row.payload,
      row.mac,
      row.macKeyId,
    ],
  );
}

const numbersOf = async (
  b: RecordBench,
  table: "filed_entry" | "filing_gap",
): Promise<number[]> => {
  const { rows } = await b.sql.query<{ number: string }>(
    `select number from ${table} where writer = $1 order by number`,
    [b.recorder.numbers.writer],
  );
  return rows.map(({ number }) => Number(number));
};

async function through(b: RecordBench): Promise<[filed: number, indexed: number]> {
  const { rows } = await b.sql.query<{ filed_through: string; indexed_through: string }>(
    "select filed_through, indexed_through from entry_writer where id = $1",
    [b.recorder.numbers.writer],
  );
  return [Number(rows[0]?.filed_through), Number(rows[0]?.indexed_through)];
}

/** Says that the writer's process lives, or was seen so long ago. */
const beat = (b: RecordBench, secondsAgo = 0) =>
  owner.pool.query(
    `insert into process (id, roles, seen_at)
     select process_id, '{web}', clock_timestamp() - $2 * interval '1 second' from entry_writer where id = $1
     on conflict (id) do update set seen_at = excluded.seen_at`,
    [b.recorder.numbers.writer, secondsAgo],
  );

describe("a round", () => {
  test("files important entries under whom they touch, and nothing twice", () =>
    withRecorder(async (b) => {
      const { entryId } = await put(b);
      await put(b, "done");
      await fileRound(servicesOf(b), ROUND);
      await owner.pool.query(
        "update entry_writer set filed_through = 0, indexed_through = 0, tallied_through = 0 where id = $1",
        [b.recorder.numbers.writer],
      );
      await fileRound(servicesOf(b), ROUND);
      const { rows } = await b.sql.query(
        `select subject, action, outcome, address, request_id <> '' as has_request from filed_entry
         join filed_subject using (writer, number, position) where filed_entry.writer = $1`,
        [b.recorder.numbers.writer],
      );
      expect(rows).toEqual([
        {
          subject: ACCOUNT,
          action: "request.made",
          outcome: "refused",
          address: "192.0.2.7",
          has_request: true,
        },
      ]);
      expect(entryId).toMatch(/-1-0$/);
      expect(await through(b)).toEqual([2, 0]);
    }));

  test("stops at a number that is missing while its process lives, and goes on when it is there", () =>
    withRecorder(async (b) => {
      await beat(b);
      for (const number of [1, 3]) await putNumber(b, number);
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1]);
      await putNumber(b, 2);
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 2, 3]);
      expect(await numbersOf(b, "filing_gap")).toEqual([]);
    }));

  test("goes past what a dead process left out; if it was only paused, its entry is filed when it comes", () =>
    withRecorder(async (b) => {
      await beat(b, 20);
      for (const number of [1, 4]) await putNumber(b, number);
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 4]);
      expect(await numbersOf(b, "filing_gap")).toEqual([2, 3]);
      await putNumber(b, 3);
      await putNumber(b, 5);
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 3, 4, 5]);
      expect(await numbersOf(b, "filing_gap")).toEqual([2]);
    }));

  test("leaves out and reports a batch that is not as it was written; with the right keys it is filed after a start", () =>
    withRecorder(async (b) => {
      for (let turn = 0; turn < 3; turn++) await put(b);
      const { writer } = b.recorder.numbers;
      const alter = (sql: string) =>
        owner.pool.query(`update entry_batch set ${sql} where writer = $1 and number = 2`, [
          writer,
        ]);
      await alter("count = count + 1");
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 3]);
      expect([await numbersOf(b, "filing_gap"), b.recorder.badBatchCount]).toEqual([[2], 1]);
      await fileRound(servicesOf(b), ROUND);
      expect(b.recorder.badBatchCount).toBe(1);
      await alter("count = count - 1");
      await fileRound(servicesOf(b), { ...ROUND, withBad: true });
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 2, 3]);
      expect(await numbersOf(b, "filing_gap")).toEqual([]);
    }));

  test("indexes routine batches once they are ten minutes old, and one that comes late by itself", () =>
    withRecorder(async (b) => {
      for (const number of [1, 2, 4]) await putNumber(b, number, "routine");
      await fileRound(servicesOf(b), ROUND);
      expect(await through(b)).toEqual([4, 0]);
      b.clock.advance(CHUNK_SPAN_MS + 1_000);
      await putNumber(b, 5, "routine");
      await fileRound(servicesOf(b), ROUND);
      expect(await through(b)).toEqual([5, 4]); // the next batch is too far away for one row
      await putNumber(b, 3, "routine");
      await fileRound(servicesOf(b), ROUND);
      const { rows } = await b.sql.query<{ first_number: string; numbers: number[] }>(
        "select first_number, numbers from routine_index where writer = $1 and subject = $2 order by last_at",
        [b.recorder.numbers.writer, ACCOUNT],
      );
      const numbers = rows.map((row) =>
        row.numbers.map((number) => Number(row.first_number) + number),
      );
      expect(numbers).toEqual([[4, 2, 1], [3]]);
      expect(await numbersOf(b, "filing_gap")).toEqual([]);
    }));

  // Attack: insert a batch under a number beyond all others; each missing number must not cost a look.
  test("a gap without end before a made-up number is gone past in one round", () =>
    withRecorder(async (b) => {
      const far = 900_000_000_000_000;
      await putNumber(b, 1, "routine");
      await putNumber(b, far, "routine");
      await beat(b, 60);
      b.clock.advance(CHUNK_SPAN_MS + 1_000);
      for (let round = 0; round < 2; round++) await fileRound(servicesOf(b), ROUND);
      expect(await through(b)).toEqual([far, far]);
    }));

  test("a writer gone for a day is not looked at again, unless it writes after all", () =>
    withRecorder(async (b) => {
      await put(b);
      b.recorder.counts.want();
      await fileRound(servicesOf(b), { ...ROUND, withEnds: true });
      const isEnded = async () =>
        (
          await b.sql.query("select 1 from entry_writer where id = $1 and ended_at is not null", [
            b.recorder.numbers.writer,
          ])
        ).rows.length === 1;
      expect(await isEnded()).toBe(false);
      await owner.pool.query(
        "update entry_writer set started_at = started_at - interval '2 days' where id = $1",
        [b.recorder.numbers.writer],
      );
      await fileRound(servicesOf(b), { ...ROUND, withEnds: true });
      // What stands there is not in the public log: nobody else would take it there.
      expect(await isEnded()).toBe(false);
      await owner.pool.query("update entry_writer set sequenced_through = 1 where id = $1", [
        b.recorder.numbers.writer,
      ]);
      await fileRound(servicesOf(b), { ...ROUND, withEnds: true });
      expect(await isEnded()).toBe(true);
      await put(b);
      await fileRound(servicesOf(b), { ...ROUND, withEnds: true });
      expect(await isEnded()).toBe(false);
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1, 2]);
    }));

  test("odd text in every column is filed", () =>
    withRecorder(async (b) => {
      const odd = "\0\ud800'%\u{1F6AA}".repeat(100);
      await b.recorder.submit(
        anEntry({
          reason: odd,
          requestId: odd,
          address: "fe80::1%eth0",
          appId: odd,
          actor: { kind: "reported", accountId: odd, credentialId: odd },
          targets: [{ type: "app", id: odd, accountId: odd }],
        }),
      );
      await fileRound(servicesOf(b), ROUND);
      expect(await numbersOf(b, "filed_entry")).toEqual([1]);
    }));
});

describe("filers", () => {
  test("of several processes file everything once, while entries keep coming", () =>
    withRecorder(async (b) => {
      const filers = Array.from({ length: 3 }, () => new Filer(servicesOf(b)));
      for (const filer of filers) filer.start();
      const ids: string[] = [];
      for (let turn = 0; turn < 60; turn++) {
        const some = await Promise.all(Array.from({ length: 20 }, () => put(b)));
        ids.push(...some.map(({ entryId }) => entryId));
      }
      const filed = async () =>
        (
          await b.sql.query<{ id: string }>(
            `select to_char(day, 'YYYYMMDD') || '-' || writer || '-' || number || '-' || position as id
             from filed_entry where writer = $1`,
            [b.recorder.numbers.writer],
          )
        ).rows.map(({ id }) => id);
      await vi.waitFor(async () => expect((await filed()).toSorted()).toEqual(ids.toSorted()), {
        timeout: 10_000,
      });
      for (const filer of filers) await filer.stop();
    }));

  test("goes on by itself after PostgreSQL broke its connections", () =>
    withRecorder(async (b) => {
      const filer = new Filer(servicesOf(b));
      filer.start();
      await owner.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      await put(b);
      await vi.waitFor(async () => expect(await numbersOf(b, "filed_entry")).not.toEqual([]), {
        timeout: 10_000,
      });
      await filer.stop();
    }));
});
