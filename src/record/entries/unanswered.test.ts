import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { entriesOf } from "../../../test/builders/access.ts";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startLossyProxy, type LossyProxy } from "../../../test/lossy-proxy.ts";
import { systemContext } from "../../context.ts";
import { openDatabase } from "../../platform/db/db.ts";
import { isDatabaseUnavailable } from "../../platform/db/unavailable.ts";
import type { SlotLocks } from "../../platform/db/version-slots.ts";
import { change, record } from "./change.ts";

/*
 * A connection that stays open and over which nothing comes back: a machine that vanished, a firewall that
 * forgot. Without a limit of ours a request would wait for ever, and so would the next one on that connection.
 */

/** Of the process by way of the proxy, ms; 40 s outside of tests. */
const ANSWER_TIMEOUT_MS = 1_000;

let straight: Harness;
let proxy: LossyProxy;
let h: Harness;
beforeAll(async () => {
  straight = await startHarness();
  proxy = await startLossyProxy(straight.database.runtimeUrl);
  h = await startHarness({
    isFiling: false,
    beside: { ...straight, database: { ...straight.database, runtimeUrl: proxy.url } },
    pool: { query_timeout: ANSWER_TIMEOUT_MS },
  });
});
// Connections are there already: what is timed is the lost answer, and not a start.
beforeEach(() => h.db.selectFrom("permission").select("key").execute());
afterAll(async () => {
  await h.stop();
  await proxy.stop();
  await straight.stop();
});

const COMMIT = /^commit|\0commit/i;

async function makeChange(locks: SlotLocks = {}): Promise<{ key: string; isDone: boolean }> {
  const key = `test:a${randomUUID().replaceAll("-", "").slice(0, 20)}`;
  const ctx = systemContext(h.services, "test");
  const outcome = await change(ctx, locks, async (tx) => {
    await tx.insertInto("permission").values({ key, description: "" }).execute();
    await record(tx, ctx, { action: "entry.exported", targets: [{ type: "permission", id: key }] });
  }).then(
    () => true,
    (error: Error) => {
      expect(error.name).toBe("RecordUnavailable");
      return false;
    },
  );
  return { key, isDone: outcome };
}

/** How often the permission and its entry are there. */
async function seen(key: string): Promise<[rows: number, entries: number]> {
  const permissions = straight.db.selectFrom("permission").select("key");
  const rows = await permissions.where("key", "=", key).execute();
  const entries = (await straight.entries()).filter(({ targets }) => targets?.[0]?.id === key);
  return [rows.length, entries.length];
}

/** Every number that was given out is written: nothing waits for a batch that never comes. */
const noneMissing = () =>
  vi.waitFor(
    async () => {
      const rows = await straight.db
        .selectFrom("entry_batch")
        .select("number")
        .where("writer", "=", h.services.recorder.numbers.writer)
        .execute();
      const numbers = rows.map(({ number }) => Number(number)).toSorted((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    },
    { timeout: 15_000 },
  );

describe("COMMIT", () => {
  test("carried out and never answered: the change is acknowledged, once", async () => {
    const sprung = proxy.breakAt(COMMIT, "swallowed");
    const { key, isDone } = await makeChange({ touches: [0] });
    await sprung;
    expect([isDone, await seen(key)]).toEqual([true, [1, 1]]);
    await noneMissing();
  });

  test("never arrived: refused, not there, not later either, and its locks are free", async () => {
    const sprung = proxy.breakAt(COMMIT, "stuck");
    const { key, isDone } = await makeChange({ touches: [0] });
    await sprung;
    expect([isDone, await seen(key)]).toEqual([false, [0, 0]]);
    expect(await makeChange({ touches: [0] })).toMatchObject({ isDone: true });
    expect(await seen(key)).toEqual([0, 0]);
    await noneMissing();
  });

  test("of more changes than the pool has connections each is answered as it is", async () => {
    const sprung = Array.from({ length: 12 }, (_, index) =>
      proxy.breakAt(COMMIT, index % 2 === 0 ? "stuck" : "swallowed"),
    );
    const changes = await Promise.all(sprung.map(() => makeChange()));
    await Promise.all(sprung);
    for (const { key, isDone } of changes)
      expect(await seen(key)).toEqual(isDone ? [1, 1] : [0, 0]);
    expect(changes.filter(({ isDone }) => isDone).length).toBe(6);
    expect(await makeChange()).toMatchObject({ isDone: true });
    await noneMissing();
  }, 15_000);

  test.each([
    ["swallowed", 200, "Robin Renamed"],
    ["stuck", 503, "Robin Example"],
  ] as const)("%s: a request is answered %i", async (fault, status, displayName) => {
    const { headers, accountId } = await addPerson(straight);
    const sprung = proxy.breakAt(COMMIT, fault);
    const body = { displayName: "Robin Renamed" };
    const reply = await h.call("PATCH", "/v1/account", { as: headers, body });
    await sprung;
    expect(reply.status).toBe(status);
    expect((await straight.call("GET", "/v1/account", { as: headers })).body).toMatchObject({
      displayName,
    });
    const done = (await entriesOf(straight, "account.renamed")).filter(
      ({ actor, outcome }) => actor.accountId === accountId && outcome === "done",
    );
    expect(done.length).toBe(status === 200 ? 1 : 0);
  });
});

test("a read that is never answered ends with 503, and the next ones have other connections", async () => {
  const { headers } = await addPerson(straight);
  const read = () => h.call("GET", "/v1/account", { as: headers });
  for (const fault of ["stuck", "swallowed"] as const) {
    const sprung = Array.from({ length: 10 }, () => proxy.breakAt(/from "session"/, fault));
    const replies = await Promise.all(sprung.map(read));
    await Promise.all(sprung);
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      sprung.map(() => [503, "record-unavailable"]),
    );
    expect((await Promise.all(sprung.map(read))).map(({ status }) => status)).toEqual(
      sprung.map(() => 200),
    );
  }
});

test("a statement of a change that is never answered leaves nothing, and no number missing", async () => {
  const sprung = proxy.breakAt(/insert into entry_batch/, "swallowed");
  const ctx = systemContext(h.services, "test");
  const changing = change(ctx, { touches: [0] }, (tx) =>
    record(tx, ctx, {
      action: "entry.exported",
      targets: [{ type: "permission", id: "swallowed" }],
    }),
  );
  await expect(changing).rejects.toThrow("Query read timeout");
  await sprung;
  expect((await seen("swallowed"))[1]).toBe(0);
  expect(await makeChange({ touches: [0] })).toMatchObject({ isDone: true });
  await noneMissing();
});

test("a statement that PostgreSQL ended because it took too long may be tried again", async () => {
  const ended = straight.db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = 20`.execute(tx);
    await sql`select pg_sleep(60)`.execute(tx);
  });
  const error: unknown = await ended.catch((failed: unknown) => failed);
  expect(error).toMatchObject({ code: "57014" });
  expect(isDatabaseUnavailable(error)).toBe(true);
});

test("PostgreSQL ends a statement, and an idle transaction, before we stop waiting; of any role", async () => {
  const { pool, close } = openDatabase(straight.database.ownerUrl, () => {});
  const { rows } = await pool.query(
    `select current_setting('statement_timeout') as statement,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  expect(rows).toEqual([{ statement: "30s", idle: "30s" }]);
  expect(pool.options.query_timeout).toBe(40_000);
  await close();
});
