import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startLossyProxy, type LossyProxy } from "../../../test/lossy-proxy.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../platform/db/db.ts";
import { change, record } from "./change.ts";

let straight: Harness;
let proxy: LossyProxy;
/** The same database, by way of the proxy: a second process. */
let h: Harness;

beforeAll(async () => {
  straight = await startHarness();
  proxy = await startLossyProxy(straight.database.runtimeUrl);
  h = await startHarness({
    isFiling: false,
    beside: { ...straight, database: { ...straight.database, runtimeUrl: proxy.url } },
  });
});
afterEach(() => proxy.comeBack());
afterAll(async () => {
  await h.stop();
  await proxy.stop();
  await straight.stop();
});

const context = (): Context => systemContext(h.services, "test");

const addPermission = (tx: Tx, key: string) =>
  tx.insertInto("permission").values({ key, description: "" }).execute();

/** A change that is easily seen: a permission with a name of its own. */
async function makeChange(key: string, afterwards: (tx: Tx) => Promise<unknown> = async () => {}) {
  const ctx = context();
  return await change(ctx, { touches: [0] }, async (tx) => {
    await addPermission(tx, key);
    const entryId = await record(tx, ctx, {
      action: "entry.exported",
      targets: [{ type: "permission", id: key }],
    });
    await afterwards(tx);
    return entryId;
  });
}

const newKey = () => `test:a${randomUUID().replaceAll("-", "").slice(0, 20)}`;

/** How often the permission and its entry are there. */
async function seen(key: string): Promise<[rows: number, entries: number]> {
  const rows = await straight.db
    .selectFrom("permission")
    .select("key")
    .where("key", "=", key)
    .execute();
  const entries = (await straight.entries()).filter(({ targets }) => targets?.[0]?.id === key);
  return [rows.length, entries.length];
}

async function missingNumbers(): Promise<number[]> {
  const rows = await straight.db
    .selectFrom("entry_batch")
    .select("number")
    .where("writer", "=", h.services.recorder.numbers.writer)
    .execute();
  const there = new Set(rows.map(({ number }) => Number(number)));
  return Array.from({ length: Math.max(0, ...there) }, (_, index) => index + 1).filter(
    (number) => !there.has(number),
  );
}

const noneMissing = () =>
  vi.waitFor(async () => expect(await missingNumbers()).toEqual([]), { timeout: 15_000 });

const COMMIT = /^commit|\0commit/i;

test("a change and its entry are committed together", async () => {
  const key = newKey();
  expect(await makeChange(key)).toMatch(/^\d{8}-\d+-\d+-0$/);
  expect(await seen(key)).toEqual([1, 1]);
});

test("what throws after its entry leaves neither, and its number is used or filled", async () => {
  const key = newKey();
  await expect(makeChange(key, () => Promise.reject(new Error("late")))).rejects.toThrow("late");
  expect(await seen(key)).toEqual([0, 0]);
  await vi.waitFor(() => expect(h.services.recorder.numbers.returnedCount).toBe(0), {
    timeout: 15_000,
  });
  await makeChange(newKey());
  expect(await missingNumbers()).toEqual([]);
});

test("fifty rollbacks at once leave no number missing", async () => {
  const keys = Array.from({ length: 50 }, newKey);
  await Promise.allSettled(
    keys.map((key, index) =>
      makeChange(key, () =>
        index % 2 === 0 ? Promise.reject(new Error("no")) : Promise.resolve(),
      ),
    ),
  );
  await noneMissing();
  for (const [index, key] of keys.entries())
    expect(await seen(key)).toEqual(index % 2 === 0 ? [0, 0] : [1, 1]);
});

test("an answer to COMMIT that is lost on its way back: the change is acknowledged, once", async () => {
  const key = newKey();
  const broken = proxy.breakAt(COMMIT, "unanswered");
  const entryId = await makeChange(key);
  await broken;
  expect(entryId).toMatch(/-0$/);
  expect(await seen(key)).toEqual([1, 1]);
  await noneMissing();
});

test("a COMMIT that PostgreSQL never got: refused, and it is not there, not later either", async () => {
  const key = newKey();
  const broken = proxy.breakAt(COMMIT, "lost");
  await expect(makeChange(key)).rejects.toThrow("not committed");
  await broken;
  expect(await seen(key)).toEqual([0, 0]);
  await noneMissing();
});

test("a COMMIT that is lost, and the first attempt to settle it loses its answer too: still refused", async () => {
  const key = newKey();
  const broken = proxy.breakAt(COMMIT, "lost");
  const brokenAgain = proxy.breakAt(/write-batch/, "unanswered");
  await expect(makeChange(key)).rejects.toThrow("not committed");
  await Promise.all([broken, brokenAgain]);
  expect(await seen(key)).toEqual([0, 0]);
});

test("lost commits do not use up the pool's connections", async () => {
  for (let turn = 0; turn < 12; turn++) {
    const broken = proxy.breakAt(COMMIT, turn % 2 === 0 ? "lost" : "unanswered");
    await makeChange(newKey()).catch(() => {});
    await broken;
  }
  const key = newKey();
  await makeChange(key);
  expect(await seen(key)).toEqual([1, 1]);
  await noneMissing();
}, 30_000);

test("a connection that breaks before COMMIT: refused, and its number is not left missing", async () => {
  const key = newKey();
  const broken = proxy.breakAt(/insert into entry_batch/, "unanswered");
  await expect(makeChange(key)).rejects.toThrow();
  await broken;
  expect(await seen(key)).toEqual([0, 0]);
  await makeChange(newKey());
  await noneMissing();
});

test("a backend terminated in the middle of changes: each is there with its entry or not at all, as was answered", async () => {
  const keys = Array.from({ length: 60 }, newKey);
  const terminator = new Client({ connectionString: straight.database.ownerUrl });
  await terminator.connect();
  let isDone = false;
  const terminating = (async () => {
    while (!isDone)
      await terminator.query(
        `select pg_terminate_backend(pid), pg_sleep(0.005) from pg_stat_activity
         where datname = current_database() and state in ('active', 'idle in transaction') and pid <> pg_backend_pid()
           and query not like '%version_slot%' limit 1`,
      );
  })();
  const outcomes = await Promise.allSettled(keys.map((key) => makeChange(key)));
  isDone = true;
  await terminating;
  await terminator.end();
  for (const [index, key] of keys.entries())
    expect(await seen(key)).toEqual(outcomes[index]?.status === "fulfilled" ? [1, 1] : [0, 0]);
  expect(outcomes.some(({ status }) => status === "rejected")).toBe(true);
  await noneMissing();
});

test("a swallowed error of a statement is not answered as done", async () => {
  const key = newKey();
  await expect(
    makeChange(key, async (tx) => addPermission(tx, key).catch(() => {})),
  ).rejects.toThrow("swallowed");
  expect(await seen(key)).toEqual([0, 0]);
});

test("a change without an entry, or with two, is rolled back", async () => {
  const key = newKey();
  await expect(
    change(context(), {}, async (tx) => {
      await addPermission(tx, key);
    }),
  ).rejects.toThrow("without its entry");
  const ctx = context();
  await expect(
    makeChange(key, (tx) => record(tx, ctx, { action: "entry.exported" })),
  ).rejects.toThrow("one entry");
  expect(await seen(key)).toEqual([0, 0]);
});

test("PostgreSQL away: refused at once as unavailable, and later all is well", async () => {
  proxy.goAway();
  await expect(makeChange(newKey())).rejects.toThrow();
  proxy.comeBack();
  const key = newKey();
  await makeChange(key);
  expect(await seen(key)).toEqual([1, 1]);
});
