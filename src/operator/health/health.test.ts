import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "pg";
import { addOperator } from "../../../test/builders/operator.ts";
import type { Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let operator: Person;
let owner: Client;
beforeAll(async () => {
  h = await startHarness();
  operator = await addOperator(h);
  owner = new Client({ connectionString: h.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await h.stop();
});

const read = (part: "health" | "queue") =>
  h.call("GET", `/v1/operator/${part}`, { as: operator.headers });

const retry = (jobId: string) =>
  h.call("POST", `/v1/operator/queue/${jobId}/retry`, { as: operator.headers, body: {} });

/** A job that failed for good, or one that waits. */
async function addJob(attempts: number, error: string | null = null): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    "select id from graphile_worker.add_job('send-mail', '{}'::json, max_attempts := 3)",
  );
  const id = rows[0]?.id ?? "";
  await owner.query(
    "update graphile_worker._private_jobs set attempts = $2, last_error = $3 where id = $1",
    [id, attempts, error],
  );
  return id;
}

test("health says version, database, record, processes and queue", async () => {
  await owner.query(
    "insert into process (id, roles, seen_at) values (gen_random_uuid(), '{web}', clock_timestamp()), (gen_random_uuid(), '{worker}', clock_timestamp() - interval '1 minute')",
  );
  const { status, body } = await read("health");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: { version: expect.stringMatching(/^\d+/), sizeBytes: expect.any(Number) },
    record: {
      waiting: expect.any(Number),
      unfiled: expect.any(Number),
      oldestWaitSeconds: expect.any(Number),
      badBatches: 0,
    },
    warnings: expect.any(Array),
    queue: { failed: expect.any(Number) },
  });
  expect(body.processes.map((row: { isAlive: boolean }) => row.isAlive).toSorted()).toEqual([
    false,
    true,
  ]);
  const entries = (await h.entries()).filter(({ action }) => action === "operator.health-read");
  expect(entries).toMatchObject([{ outcome: "done", actor: { accountId: operator.accountId } }]);
});

describe("the queue", () => {
  test("shows what failed for good without the addresses that its error names", async () => {
    const id = await addJob(3, "550 <pat@example.test>: no such user");
    await addJob(0);
    const { status, body } = await read("queue");
    expect([status, body.state.failed]).toEqual([200, 1]);
    const { warnings } = (await read("health")).body;
    expect(warnings).toContainEqual({
      code: "jobs-failed",
      params: { count: 1 },
      detail: expect.stringContaining("failed for good: 1"),
    });
    expect(body.failed).toMatchObject([
      { id, name: "send-mail", attempts: 3, error: "550 <(address)>: no such user" },
    ]);
  });

  test("a failed job is tried again once, however many ask at once", async () => {
    const id = await addJob(3);
    const replies = await Promise.all(Array.from({ length: 20 }, () => retry(id)));
    expect(replies.filter(({ status }) => status === 204).length).toBe(1);
    expect(replies.filter(({ status }) => status === 404).length).toBe(19);
    const { rows } = await owner.query(
      "select attempts from graphile_worker._private_jobs where id = $1",
      [id],
    );
    expect(rows).toEqual([{ attempts: 0 }]);
    const done = (await h.entries()).filter(
      ({ action, outcome }) => action === "operator.job-retried" && outcome === "done",
    );
    expect(done).toMatchObject([{ targets: [{ type: "job", id }] }]);
  });

  test("a job that still waits, or is none, can't be retried", async () => {
    for (const id of [await addJob(1), "999999999999999999"])
      expect((await retry(id)).status).toBe(404);
    expect((await retry("1x")).status).toBe(400);
  });
});
