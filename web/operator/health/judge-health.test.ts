import { expect, test } from "vitest";
import { healthWarningParams, type HealthWarningCode } from "../../../src/contract/failures.ts";
import type { Health } from "../../../src/contract/operator/health.ts";
import { judgeHealth, warningsOf } from "./judge-health.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const aWorker = {
  id: "01980000-0000-7000-8000-000000000000",
  roles: ["web", "worker"],
  startedAt: ago(1_000_000),
  seenAt: ago(1_000),
  isAlive: true,
};

function health(given: {
  waiting?: number;
  unfiledMs?: number;
  unprovenMs?: number;
  failingWitnesses?: string[];
  warnings?: Health["warnings"];
  failed?: number;
  dueMs?: number;
  processes?: Health["processes"];
}): Health {
  return {
    version: "1",
    database: { version: "18", sizeBytes: 1 },
    record: {
      waiting: given.waiting ?? 0,
      unfiled: given.unfiledMs === undefined ? 0 : 1,
      oldestUnfiledAt: given.unfiledMs === undefined ? null : ago(given.unfiledMs),
      oldestUnprovenAt: given.unprovenMs === undefined ? null : ago(given.unprovenMs),
      failingWitnesses: given.failingWitnesses ?? [],
      oldestWaitSeconds: 0,
      badBatches: 0,
    },
    warnings: given.warnings ?? [],
    processes: given.processes ?? [aWorker],
    queue: {
      queued: 0,
      running: 0,
      failed: given.failed ?? 0,
      oldestDueAt: given.dueMs === undefined ? null : ago(given.dueMs),
    },
  };
}

const bad = (code: "bad-batches" | "record-late") => ({ code, detail: "" });

test.each([
  ["nothing waits", {}, { processes: "good", record: "good", log: "good", queue: "good" }],
  [
    "nobody works on the queue",
    { processes: [{ ...aWorker, isAlive: false }] },
    { processes: "bad" },
  ],
  ["web alone is no worker", { processes: [{ ...aWorker, roles: ["web"] }] }, { processes: "bad" }],
  ["filing is two minutes behind", { unfiledMs: 120_000 }, { record: "look" }],
  ["filing is an hour behind", { unfiledMs: 3_600_000 }, { record: "bad" }],
  ["entries pile up before their commit", { waiting: 5_000 }, { record: "bad" }],
  [
    "the public log is two minutes behind",
    { unprovenMs: 120_000 },
    { log: "look", record: "good" },
  ],
  ["the public log is an hour behind", { unprovenMs: 3_600_000 }, { log: "bad", record: "good" }],
  ["a witness does not sign", { failingWitnesses: ["ann"] }, { log: "look", record: "good" }],
  ["a batch is not as it was written", { warnings: [bad("bad-batches")] }, { record: "bad" }],
  ["an entry waits for its commit", { warnings: [bad("record-late")] }, { record: "bad" }],
  ["a job failed for good", { failed: 1 }, { queue: "look" }],
  ["jobs wait an hour, and one failed", { failed: 1, dueMs: 3_600_000 }, { queue: "bad" }],
])("%s", (_, given, verdicts) => {
  expect(judgeHealth(health(given), NOW)).toMatchObject(verdicts);
});

test("each remark of the server's is shown at one part", () => {
  const codes = Object.keys(healthWarningParams) as HealthWarningCode[];
  const warnings = codes.map((code) => ({ code, detail: "" }));
  const shown = (["processes", "record", "log", "queue"] as const).flatMap((part) =>
    warningsOf(health({ warnings }), part),
  );
  expect(shown.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
});
