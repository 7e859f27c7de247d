import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { openDatabase, type OpenDatabase } from "../../platform/db/db.ts";
import { decodeEntries } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { fileRound, type FilingServices } from "./file-round.ts";
import { Filer } from "./filer.ts";
import { likenessOf } from "./likeness.ts";

let database: TestDatabase;
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

const ID = (last: number) => `0196c0de-0000-7000-8000-0000000000${String(last).padStart(2, "0")}`;
const ROUND = { withBad: false, withEnds: false };

const servicesOf = (b: RecordBench, db = opened.db): FilingServices => ({
  db,
  clock: b.clock,
  log: pino({ level: "silent" }),
  keyRing: b.keyRing,
  recorder: b.recorder,
});

/** Of many kinds, alike often. */
const some = (b: RecordBench, index: number): Entry =>
  anEntry({
    at: b.clock.now(),
    action: index % 3 === 0 ? "app.read" : "decision.made",
    outcome: index % 7 === 0 ? "refused" : "done",
    actor: { kind: "api-key", accountId: ID(index % 4), credentialId: `k${index % 5}` },
    appId: ID(90 + (index % 2)),
    address: `192.0.2.${index % 6}`,
    targets: [{ type: "permission", id: `p:${index}` }],
    ...(index % 50 === 0 && { count: 9 }),
  });

const putSome = async (b: RecordBench, from: number, count: number) =>
  await Promise.all(
    Array.from({ length: count }, (_, index) => b.recorder.submit(some(b, from + index))),
  );

/** Counted by key, from what stands in the tables, or anew from the batches. */
const talliedOf = async () => {
  const { rows } = await owner.pool.query<{ line: string }>(
    `select concat_ws(' ', action, outcome, class, actor_id, credential_id, host(address), app_id, sum(count)) as line
     from entry_tally group by action, outcome, class, actor_id, credential_id, address, app_id`,
  );
  return rows.map(({ line }) => line).toSorted();
};

async function recount(): Promise<string[]> {
  const { rows } = await owner.pool.query<{ class: string; payload: Buffer }>(
    "select class, payload from entry_batch",
  );
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const { action, outcome, actor, address, appId, count = 1 } of decodeEntries(
      row.payload,
    )) {
      const key = [
        action,
        outcome,
        row.class,
        actor.accountId,
        actor.credentialId,
        address,
        appId,
      ].join(" ");
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  return [...counts].map(([key, count]) => `${key} ${count}`).toSorted();
}

async function isDone(): Promise<boolean> {
  const { rows } = await owner.pool.query(
    `select 1 from entry_writer as writer where tallied_through < coalesce(
       (select max(number) from entry_batch where entry_batch.writer = writer.id), 0)`,
  );
  return rows.length === 0;
}

/** A round that writes what was counted in memory, as it would after a few seconds. */
async function tallyRound(b: RecordBench, services = servicesOf(b), round = ROUND) {
  b.recorder.counts.want();
  return await fileRound(services, round);
}

async function withRecorder(work: (b: RecordBench) => Promise<void>): Promise<void> {
  const b = await startRecorder(database.runtimeUrl);
  try {
    await work(b);
  } finally {
    await b.close();
    await owner.pool.query(
      "truncate entry_tally, entry_tally_subject, entry_batch, filed_entry, filed_subject, filing_gap, routine_index, entry_writer",
    );
  }
}

test("counts are those of a recount, whatever filer is killed when", () =>
  withRecorder(async (b) => {
    for (let turn = 0; turn < 30; turn++) {
      await putSome(b, turn * 40, 40);
      // Rounds that are cut off: the connection breaks wherever the round has come to.
      const doomed = openDatabase(database.runtimeUrl, () => {}, { application_name: "doomed" });
      const round = tallyRound(b, servicesOf(b, doomed.db)).catch(() => {});
      await owner.pool.query("select pg_sleep($1)", [(turn % 10) / 1000]);
      await owner.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed' and datname = current_database()",
      );
      await round;
      await doomed.close();
    }
    while ((await tallyRound(b)).hasMore || !(await isDone()));
    expect(await talliedOf()).toEqual(await recount());
  }));

test("counts are those of a recount with three filers at once, while entries keep coming", () =>
  withRecorder(async (b) => {
    const filers = Array.from({ length: 3 }, () => new Filer(servicesOf(b)));
    for (const filer of filers) filer.start();
    for (let turn = 0; turn < 40; turn++) {
      await putSome(b, turn * 25, 25);
      b.recorder.counts.want();
    }
    await expect.poll(isDone, { timeout: 10_000 }).toBe(true);
    for (const filer of filers) await filer.stop();
    expect(await talliedOf()).toEqual(await recount());
  }));

test("a batch that comes late, and one that is whole again, are each counted once", () =>
  withRecorder(async (b) => {
    for (let turn = 0; turn < 6; turn++) await putSome(b, turn * 10, 10);
    const { rows } = await owner.pool.query<{ number: string; count: number }>(
      "select number, count from entry_batch order by number",
    );
    const [late, bad] = [rows[1]?.number, rows[3]?.number];
    await owner.pool.query("create table kept as select * from entry_batch where number = $1", [
      late,
    ]);
    await owner.pool.query("delete from entry_batch where number = $1", [late]);
    await owner.pool.query("update entry_batch set count = count + 1 where number = $1", [bad]);
    await tallyRound(b);
    const without = await talliedOf();
    await owner.pool.query("insert into entry_batch select * from kept; drop table kept");
    await owner.pool.query("update entry_batch set count = count - 1 where number = $1", [bad]);
    for (let turn = 0; turn < 3; turn++)
      await tallyRound(b, servicesOf(b), { withBad: true, withEnds: false });
    expect(await isDone()).toBe(true);
    const tallied = await talliedOf();
    expect(tallied).not.toEqual(without);
    expect(tallied).toEqual(await recount());
  }));

/** Says that the writer's process lives. */
const beat = (b: RecordBench) =>
  owner.pool.query(
    `insert into process (id, roles, seen_at)
     select process_id, '{web}', clock_timestamp() from entry_writer where id = $1
     on conflict (id) do update set seen_at = excluded.seen_at`,
    [b.recorder.numbers.writer],
  );

const talliedThrough = async (b: RecordBench) => {
  const { rows } = await owner.pool.query<{ tallied: string }>(
    "select tallied_through as tallied from entry_writer where id = $1",
    [b.recorder.numbers.writer],
  );
  return Number(rows[0]?.tallied);
};

describe("another process's writer", () => {
  test("is left to its process while that lives and counts, and read once it does not", () =>
    withRecorder(async (b) => {
      const other = await startRecorder(database.runtimeUrl);
      const beside = { ...servicesOf(b), recorder: other.recorder };
      try {
        await putSome(b, 0, 60);
        await beat(b);
        await fileRound(beside, ROUND);
        expect(await talliedThrough(b)).toBe(0);
        await owner.pool.query("update process set seen_at = seen_at - interval '1 minute'");
        while ((await fileRound(beside, ROUND)).hasMore);
        expect(await talliedOf()).toEqual(await recount());
        // It was only paused, and still holds counts of what was read meanwhile.
        await putSome(b, 60, 60);
        while ((await tallyRound(b)).hasMore || !(await isDone()));
        expect(await talliedOf()).toEqual(await recount());
      } finally {
        await other.close();
      }
    }));

  test("is read where its process lives and does not count", () =>
    withRecorder(async (b) => {
      const other = await startRecorder(database.runtimeUrl);
      try {
        b.clock.advance(-120_000);
        await putSome(b, 0, 60);
        await beat(b);
        await fileRound({ ...servicesOf(b), recorder: other.recorder }, ROUND);
        expect(await talliedOf()).toEqual(await recount());
      } finally {
        await other.close();
      }
    }));
});

test("memory is believed only where it counted just what is on record", () =>
  withRecorder(async (b) => {
    await putSome(b, 0, 60);
    // Somebody with the database's rights removes a batch that we answered for.
    await owner.pool.query("delete from entry_batch where number = 1");
    while ((await tallyRound(b)).hasMore || !(await isDone()));
    expect(await talliedOf()).toEqual(await recount());
  }));

test("text that somebody chose changes no count", () => {
  const core = '{"at":"2026-03-01T00:00:00.000Z","action":"a.b","outcome":"done","request":"r"}';
  const likeness = (userAgent: string) =>
    likenessOf(`${core}\na{}\nt${JSON.stringify({ type: "request", id: userAgent })}\nx{}`);
  expect(likeness('","account":"1"')).toBe(likeness("curl"));
  expect(likeness('{"type":"app"')).toBe(likeness("curl"));
});
