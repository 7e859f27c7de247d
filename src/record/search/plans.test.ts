import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { openDatabase } from "../../platform/db/db.ts";
import { fileRound } from "./file-round.ts";

/*
 * What is read for a page of the log hangs on the page and not on the log: with many entries of others
 * in the tables, PostgreSQL reads them by their keys alone. It plans anew for what it finds, so the
 * tables are filled first.
 */

const OTHERS = 100_000;

let h: Harness;
let me: Person;
beforeAll(async () => {
  // Nobody files by the clock: what PostgreSQL counts is what the calls below cost.
  h = await startHarness({ isFiling: false });
  me = await addPerson(h);
  for (let index = 0; index < 60; index++)
    await h.services.recorder.submit(
      anEntry({
        at: h.clock.now(),
        actor: { kind: "session", accountId: me.accountId, credentialId: me.sessionId },
      }),
    );
  const round = { withBad: false, withEnds: false };
  while ((await fileRound(h.services, round)).hasMore);
  expect(await countOwn()).toBeGreaterThanOrEqual(60);
  const { pool, close } = openDatabase(h.database.ownerUrl, () => {});
  const place = "90, n, 0";
  await pool.query(
    `insert into filed_entry (writer, number, position, day, at, action, outcome, request_id, target_ids, terms)
     select ${place}, current_date, now() - n * interval '1 second', 'key.created', 'done', 'r', '{}', array[-1, -2 - n]
     from generate_series(1, $1) as n`,
    [OTHERS],
  );
  await pool.query(
    `insert into filed_subject (subject, at, writer, number, position)
     select case when n % 50 = 0 then $2 else lpad(to_hex(n % 500), 32, '0')::uuid end,
       now() - n * interval '1 second', ${place}
     from generate_series(1, $1) as n`,
    [OTHERS, me.accountId],
  );
  await pool.query(
    `insert into entry_batch select current_date, 90, n, 'routine', now() - n * interval '1 second', 1, '{}',
       array[lpad(to_hex(n % 500), 32, '0')::uuid], '{}', '{}', '', repeat('x', 32)::bytea, ''
     from generate_series(1, $1) as n`,
    [OTHERS],
  );
  await pool.query("analyze filed_entry, filed_subject, entry_batch");
  await close();
}, 120_000);
afterAll(() => h.stop());

async function countOwn(): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) from filed_subject where subject = ${me.accountId}::uuid`.execute(h.db);
  return Number(rows[0]?.count);
}

/** Rows that were read by going through a table, and how often it was read by an index, so far. */
async function usage(): Promise<Record<string, { through: number; byIndex: number }>> {
  const { rows } = await sql<{ relname: string; through: string; byIndex: string }>`
    select relname, seq_tup_read as through, idx_scan as "byIndex" from pg_stat_user_tables
    where relname in ('filed_entry', 'filed_subject', 'entry_batch')`.execute(h.db);
  return Object.fromEntries(
    rows.map(({ relname, through, byIndex }) => [
      relname,
      { through: Number(through), byIndex: Number(byIndex) },
    ]),
  );
}

/** PostgreSQL tells what it did a little later. */
async function settled(): Promise<ReturnType<typeof usage>> {
  let before = await usage();
  await vi.waitFor(
    async () => {
      const now = await usage();
      const isSame = JSON.stringify(now) === JSON.stringify(before);
      before = now;
      expect(isSame).toBe(true);
    },
    { timeout: 20_000, interval: 2_500 },
  );
  return before;
}

test.each(["", "&action=key.*", "&outcome=refused&from=2026-01-01T00:00:00Z", "&text=curl"])(
  "a page is found by index whatever is filtered: class=important%s",
  async (query) => {
    const before = await settled();
    const url = `/v1/audit/entries?class=important${query}`;
    expect((await h.call("GET", url, { as: me.headers })).status).toBe(200);
    await vi.waitFor(
      async () =>
        expect((await usage())["filed_subject"]?.byIndex).toBeGreaterThan(
          before["filed_subject"]?.byIndex ?? 0,
        ),
      { timeout: 20_000, interval: 250 },
    );
    const after = await settled();
    for (const table of ["filed_entry", "filed_subject"])
      expect([table, (after[table]?.through ?? 0) - (before[table]?.through ?? 0)]).toEqual([
        table,
        0,
      ]);
  },
);

async function termScans(): Promise<number> {
  const { rows } = await sql<{ scans: string }>`
    select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'filed_entry_terms_idx'`.execute(
    h.db,
  );
  return Number(rows[0]?.scans);
}

test.each([
  "actor=0196c0de-0000-7000-8000-0000000000aa",
  "person=0196c0de-0000-7000-8000-0000000000aa",
  "action=app.deleted",
  "outcome=failed",
  "reason=limit-reached",
  "credential=nobody",
  "address=198.51.100.0/24",
  "requestId=none",
  "text=curl&outcome=failed",
  "action=app.*&outcome=failed&from=2026-01-01T00:00:00Z",
])(
  "what stands behind many others is found by its terms, without going through them: %s",
  async (query) => {
    const [before, scans] = [await settled(), await termScans()];
    const { body } = await h.call("GET", `/v1/audit/entries?class=important&${query}`, {
      as: me.headers,
    });
    expect(body.entries).toEqual([]);
    await vi.waitFor(async () => expect(await termScans()).toBeGreaterThan(scans), {
      timeout: 20_000,
      interval: 250,
    });
    const after = await settled();
    for (const table of ["filed_entry", "filed_subject"])
      expect([table, (after[table]?.through ?? 0) - (before[table]?.through ?? 0)]).toEqual([
        table,
        0,
      ]);
  },
);

test("what is not counted yet is found by its number, however much is", async () => {
  const before = await settled();
  expect((await h.call("GET", "/v1/audit/summary", { as: me.headers })).status).toBe(200);
  await vi.waitFor(
    async () =>
      expect((await usage())["entry_batch"]?.byIndex).toBeGreaterThan(
        before["entry_batch"]?.byIndex ?? 0,
      ),
    { timeout: 20_000, interval: 250 },
  );
  const after = await settled();
  expect((after["entry_batch"]?.through ?? 0) - (before["entry_batch"]?.through ?? 0)).toBe(0);
});
