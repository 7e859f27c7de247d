import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Client } from "pg";
import { startLog } from "../../../test/builders/log.ts";
import { addOperator } from "../../../test/builders/operator.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { createReadiness } from "./readiness.ts";

const TOKEN = "token-of-whoever-measures";
/** The filer looks again within a second; a busy machine takes its time. */
const PATIENCE = { timeout: 15_000 };

let h: Harness;
let owner: Client;
beforeAll(async () => {
  h = await startHarness({ env: { SALLYPORT_METRICS_TOKEN: TOKEN } });
  owner = new Client({ connectionString: h.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await h.stop();
});

/** Another process on the same database: it has not looked at anything yet. */
async function beside<T>(work: (other: Harness) => Promise<T>): Promise<T> {
  const other = await startHarness({ beside: h });
  try {
    return await work(other);
  } finally {
    await other.stop();
  }
}

test("healthz and readyz answer anybody and leave no entry", async () => {
  expect(await h.call("GET", "/healthz", { from: "192.0.2.1" })).toMatchObject({ status: 200 });
  expect(await h.call("GET", "/readyz", { from: "192.0.2.1" })).toMatchObject({
    status: 200,
    body: {
      status: "ok",
      checks: { database: "ok", migrations: "ok", record: "ok" },
      reasons: [],
    },
  });
  expect(await h.entries()).toEqual([]);
});

test("a process on an older database is not ready, and says what to type", async () => {
  await owner.query("begin");
  const { rows } = await owner.query("delete from migration where number = 1 returning *");
  await owner.query("commit");
  await beside(async (other) => {
    const { status, body } = await other.call("GET", "/readyz");
    expect(status).toBe(503);
    expect(body).toMatchObject({
      checks: { database: "ok", migrations: "failed", record: "ok" },
      reasons: [
        {
          check: "migrations",
          code: "migrations-missing",
          detail: expect.stringContaining("sallyport migrate"),
        },
      ],
    });
  });
  await owner.query("insert into migration (number, name) values ($1, $2)", [
    rows[0].number,
    rows[0].name,
  ]);
});

test("a process whose database is gone lives and is not ready", async () => {
  const gone = await startHarness();
  await gone.services.db.destroy();
  expect(await gone.call("GET", "/healthz")).toMatchObject({ status: 200 });
  expect(await gone.call("GET", "/readyz")).toMatchObject({
    status: 503,
    body: {
      status: "unready",
      checks: { database: "failed", migrations: "unknown" },
      reasons: [{ check: "database", code: "database-unreachable" }],
    },
  });
  const metrics = await gone.call("GET", "/metrics");
  expect([metrics.status, metrics.text]).toEqual([
    200,
    expect.stringContaining("sallyport_record_bad_batches 0"),
  ]);
  expect(metrics.text).not.toMatch(/^sallyport_(jobs|record_unfiled_batches)[{ ]/m);
  await gone.app.close();
  await gone.services.recorder.close();
  await gone.database.drop();
});

test("a process that can't get rid of its entries is not ready until it can", async () => {
  // A limit of its own, or the test would wait for three seconds.
  const readiness = () => createReadiness(h.services, { maxEntryWaitMs: 50 })();
  expect(await readiness()).toMatchObject({ status: "ok" });
  await owner.query("begin; lock table entry_batch in exclusive mode");
  const stuck = h.call("GET", "/v1/account", { from: "192.0.2.9" });
  await vi.waitFor(
    async () =>
      expect(await readiness()).toEqual({
        status: "unready",
        checks: { database: "ok", migrations: "ok", record: "failed", log: "ok" },
        reasons: [{ check: "record", code: "record-queue-late", detail: expect.any(String) }],
      }),
    PATIENCE,
  );
  expect(h.services.recorder.oldestWaitMs).toBeGreaterThan(50);
  await owner.query("commit");
  expect((await stuck).status).toBe(401);
  expect([await readiness(), h.services.recorder.oldestWaitMs]).toMatchObject([
    { status: "ok" },
    0,
  ]);
});

test("filing that is behind and forged batches are told, and leave the process in rotation", async () => {
  const operator = await addOperator(h);
  const read = async () => ({
    ready: (await h.call("GET", "/readyz")).status,
    metrics: (await h.call("GET", "/metrics", { as: { authorization: `Bearer ${TOKEN}` } })).text,
    health: (await h.call("GET", "/v1/operator/health", { as: operator.headers })).body,
  });
  await vi.waitFor(async () => expect((await read()).health.warnings).toEqual([]), PATIENCE);

  // Another process files, and hangs.
  await owner.query("select pg_advisory_lock(770002)");
  const label = { displayName: "Written and not filed" };
  await h.call("PATCH", "/v1/account", { as: operator.headers, body: label });
  h.clock.advance(61_000);
  const behind = await read();
  expect(behind.ready).toBe(200);
  expect(behind.metrics).toMatch(/^sallyport_record_unfiled_batches [1-9]/m);
  expect(behind.metrics).toMatch(/^sallyport_record_oldest_unfiled_seconds 6[1-9]/m);
  expect(behind.health.record.unfiled).toBeGreaterThan(0);
  // Nor does a sequencer run here.
  expect(behind.health.warnings).toMatchObject([{ code: "filing-behind" }, { code: "log-behind" }]);

  await owner.query(
    "update entry_batch set mac = decode(repeat('00', 32), 'hex') where payload like '%account.renamed%'::bytea",
  );
  await owner.query("select pg_advisory_unlock(770002)");
  await vi.waitFor(
    async () =>
      expect((await read()).health).toMatchObject({
        record: { badBatches: 1 },
        warnings: [{ code: "log-behind" }, { code: "bad-batches" }],
      }),
    PATIENCE,
  );
  const forged = await read();
  expect(forged.ready).toBe(200);
  expect(forged.metrics).toContain("sallyport_record_bad_batches 1");
});

describe("metrics", () => {
  const read = (authorization?: string) =>
    h.call("GET", "/metrics", {
      from: "192.0.2.1",
      ...(authorization !== undefined && { as: { authorization } }),
    });

  test("are for whoever holds the token, wherever they are", async () => {
    expect((await read(`Bearer ${TOKEN}`)).status).toBe(200);
    for (const wrong of [
      undefined,
      "Bearer wrong",
      `Bearer ${TOKEN}x`,
      `Basic ${TOKEN}`,
      "Bearer ",
    ])
      expect((await read(wrong)).status).toBe(401);
  });

  test("count requests by route and status, never by address", async () => {
    await h.call("GET", "/v1/apps/00000000-0000-4000-8000-000000000001");
    await h.call("GET", "/made-up-by-somebody");
    const { text } = await read(`Bearer ${TOKEN}`);
    expect(text).toMatch(
      /sallyport_http_requests\{method="GET",route="\/v1\/apps\/:appId",status="401"\} 1/,
    );
    expect(text).toMatch(/route="\(none\)",status="404"\} 1/);
    expect(text).not.toContain("made-up");
    expect(text).not.toContain("00000000-0000");
  });

  test("tell of the record, the hashes, the jobs, the event loop and the memory", async () => {
    await owner.query("select graphile_worker.add_job('sweep', '{}'::json, max_attempts := 1)");
    await owner.query(
      "update graphile_worker._private_jobs set attempts = max_attempts; select graphile_worker.add_job('sweep', '{}'::json)",
    );
    const { text } = await read(`Bearer ${TOKEN}`);
    for (const line of [
      "sallyport_record_waiting_entries 0",
      "sallyport_record_oldest_wait_seconds 0",
      "sallyport_record_unfiled_batches ",
      "sallyport_record_oldest_unfiled_seconds ",
      "sallyport_password_hashes_waiting 0",
      'sallyport_jobs{state="queued"} 1',
      'sallyport_jobs{state="failed"} 1',
      "nodejs_eventloop_lag_seconds ",
      "process_resident_memory_bytes ",
    ])
      expect(text).toContain(line);
  });
});

test("a public log that is a minute behind takes the process that runs it out, and is told to operators", async () => {
  const operator = await addOperator(h);
  const other = await startHarness({ beside: h, env: { SALLYPORT_ROLES: "web,sequencer" } });
  const log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  const read = async () => ({
    ...(await other.call("GET", "/readyz")),
    ofOthers: (await h.call("GET", "/readyz")).status,
    lag: /^sallyport_log_lag_seconds (\S+)/m.exec(
      (await h.call("GET", "/metrics", { as: { authorization: `Bearer ${TOKEN}` } })).text,
    )?.[1],
    health: (await h.call("GET", "/v1/operator/health", { as: operator.headers })).body,
  });
  try {
    h.clock.advance(61_000);
    const behind = await read();
    expect([behind.status, behind.body.reasons, behind.ofOthers]).toMatchObject([
      503,
      [{ check: "log", code: "log-behind" }],
      200,
    ]);
    expect(Number(behind.lag)).toBeGreaterThan(60);
    expect(behind.health.warnings).toContainEqual(expect.objectContaining({ code: "log-behind" }));
    await log.catchUp();
    await vi.waitFor(async () => expect((await read()).status).toBe(200), PATIENCE);
  } finally {
    await log.close();
    await other.stop();
  }
});
