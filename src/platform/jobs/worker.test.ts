import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { waitFor } from "../../../test/support/sallyport-process.ts";
import type { JobTools } from "./define-job.ts";
import { defineJob, JobHopeless } from "./define-job.ts";
import { enqueue } from "./enqueue.ts";
import { openDatabase, type OpenDatabase } from "../db/db.ts";
import { failedJobs, queueState } from "./queue-state.ts";
import { releaseAbandoned } from "./release-abandoned.ts";
import { startWorker, type RunningWorker } from "./start-worker.ts";
import { requireAllJobs } from "./task-list.ts";
import { sweepJob } from "./sweep.job.ts";
import { sendMailJob } from "../mail/send-mail.job.ts";

let h: Harness;
let owner: OpenDatabase;
const processId = "01890000-0000-7000-8000-000000000001";
const logged: { level: string; msg: string }[] = [];
const log = pino(
  { level: "debug", formatters: { level: (label) => ({ level: label }) } },
  { write: (line: string) => logged.push(JSON.parse(line)) },
);

beforeAll(async () => {
  h = await startHarness();
  owner = openDatabase(h.database.ownerUrl, () => {});
});
afterAll(async () => {
  await owner.close();
  await h.stop();
});
beforeEach(async () => {
  logged.length = 0;
  await owner.pool.query("delete from graphile_worker._private_jobs");
});

/** A worker whose `sweep` does what the test says; `runs` holds each try's start. */
async function withWorker(
  run: (tools: JobTools, tries: number) => Promise<void>,
  work: (worker: RunningWorker, runs: string[]) => Promise<void>,
  timeoutMs = 20_000,
): Promise<void> {
  const runs: string[] = [];
  const job = defineJob({
    name: "sweep",
    timeoutMs,
    run: async (tools) => {
      runs.push(tools.ctx.origin.requestId);
      await run(tools, runs.length);
    },
  });
  const worker = await startWorker({
    ownerUrl: h.database.ownerUrl,
    processId,
    jobs: [job],
    services: { ...h.services, log },
  });
  try {
    await work(worker, runs);
  } finally {
    await worker.stop(AbortSignal.abort());
  }
}

const queue = () => h.db.transaction().execute((tx) => enqueue(tx, "sweep", {}));
const isEmpty = async () => {
  const { queued, running } = await queueState(h.db);
  return queued + running === 0;
};
const processes = () => h.db.selectFrom("process").selectAll().execute();

describe("a job", () => {
  test("exists exactly when the change it follows does", async () => {
    await withWorker(
      async () => {},
      async (_worker, runs) => {
        const undone = h.db.transaction().execute(async (tx) => {
          await enqueue(tx, "sweep", {});
          throw new Error("undone");
        });
        await expect(undone).rejects.toThrow("undone");
        expect(await queueState(h.db)).toMatchObject({ queued: 0, running: 0 });
        await queue();
        await waitFor(isEmpty);
        expect(runs).toEqual(["job sweep"]);
      },
    );
  });

  test("that fails is tried again", async () => {
    await withWorker(
      async (_tools, tries) => {
        if (tries === 1) throw new Error("not yet");
      },
      async (_worker, runs) => {
        await queue();
        await waitFor(async () => runs.length === 2 && (await isEmpty()));
        expect((await queueState(h.db)).failed).toBe(0);
        expect(logged.filter(({ msg }) => msg === "a job failed")).toHaveLength(1);
      },
    );
  });

  test("that is hopeless fails for good at its first try, and the operator hears of it", async () => {
    await withWorker(
      async () => {
        throw new JobHopeless("nobody lives there");
      },
      async (_worker, runs) => {
        await queue();
        await waitFor(async () => (await queueState(h.db)).failed === 1);
        expect(runs).toHaveLength(1);
        expect(await failedJobs(h.db)).toMatchObject([
          { name: "sweep", attempts: 1, error: "nobody lives there" },
        ]);
        expect(logged.filter(({ level }) => level === "error")).toHaveLength(1);
      },
    );
  });

  test("with a payload of another release fails for good and is not run", async () => {
    await withWorker(
      async () => {},
      async (_worker, runs) => {
        await owner.pool.query("select graphile_worker.add_job('sweep', '[]'::json)");
        await owner.pool.query(`select graphile_worker.add_job('sweep', '"text"'::json)`);
        await waitFor(async () => (await queueState(h.db)).failed === 2);
        expect(runs).toEqual([]);
      },
    );
  });

  test("that takes longer than its time ends, even when it does not look at its signal", async () => {
    let hasAborted = false;
    await withWorker(
      async ({ signal }, tries) => {
        if (tries > 1) return;
        signal.addEventListener("abort", () => (hasAborted = true));
        await new Promise(() => {});
      },
      async (_worker, runs) => {
        await queue();
        await waitFor(async () => runs.length === 2 && (await isEmpty()));
        expect(hasAborted).toBe(true);
      },
      100,
    );
  });
});

describe("a worker", { timeout: 150_000 }, () => {
  test("stays when PostgreSQL throws its connections out in the middle of a job", async () => {
    const { promise: isRunning, resolve: nowRunning } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    await withWorker(
      async (_tools, tries) => {
        if (tries > 1) return;
        nowRunning();
        await mayEnd;
      },
      async (_worker, runs) => {
        await queue();
        await isRunning;
        // Connections that come back are thrown out too, until the receipt has failed.
        const throwOut = async (): Promise<void> => {
          await owner.pool.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()
               and usename = current_user and application_name = 'sallyport'
               and backend_type = 'client backend'`,
          );
        };
        const ended = waitFor(async () => {
          await throwOut();
          // Or it was quick enough to note the job's end down between two of them.
          const hasEnded = logged.some(({ msg }) => msg.startsWith("the worker ended by itself"));
          return hasEnded || (await isEmpty());
        }, 120_000);
        end();
        await ended;
        await queue();
        await waitFor(async () => runs.length >= 2);
      },
    );
  });

  test("lets a running job end before it stops, and signs off", async () => {
    const { promise: isRunning, resolve: nowRunning } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    let hasEnded = false;
    await withWorker(
      async () => {
        nowRunning();
        await mayEnd;
        hasEnded = true;
      },
      async (worker) => {
        await waitFor(async () => (await processes())[0]?.worker_ids.length === 1);
        await queue();
        await isRunning;
        const stopped = worker.stop();
        end();
        await stopped;
        expect(hasEnded).toBe(true);
        expect(await isEmpty()).toBe(true);
        expect(await processes()).toEqual([]);
      },
    );
  });

  test("gives a job that does not end back when it has to stop", { timeout: 60_000 }, async () => {
    const { promise: isRunning, resolve: nowRunning } = Promise.withResolvers<void>();
    await withWorker(
      async ({ signal }) => {
        nowRunning();
        await delay(60_000, undefined, { signal });
      },
      async (worker) => {
        await queue();
        await isRunning;
        await worker.stop();
        expect(await queueState(h.db)).toMatchObject({ queued: 1, running: 0 });
      },
    );
  });
});

describe("jobs of a process that is gone", () => {
  /** A job locked so long ago by a worker that is told, as a process that was killed leaves it. */
  async function lock(worker: string, secondsAgo: number): Promise<void> {
    await queue();
    await owner.pool.query(
      `update graphile_worker._private_jobs set locked_by = $1, attempts = 1,
         locked_at = now() - make_interval(secs => $2)`,
      [worker, secondsAgo],
    );
  }
  const release = async () => {
    await releaseAbandoned(owner.db, log);
    return (await queueState(h.db)).running === 0;
  };
  const register = (worker: string, secondsAgo: number) =>
    owner.pool.query(
      `insert into process (id, roles, worker_ids, seen_at)
       values (gen_random_uuid(), '{worker}', array[$1], clock_timestamp() - make_interval(secs => $2))`,
      [worker, secondsAgo],
    );

  test("are released once it was not seen for 15 s", async () => {
    await register("pool-dead", 16);
    await lock("pool-dead", 20);
    expect(await release()).toBe(true);
  });

  test("are released when no process knows the worker at all", async () => {
    await lock("pool-nobody", 16);
    expect(await release()).toBe(true);
  });

  test("stay with a process that lives, however long they run", async () => {
    await register("pool-alive", 1);
    await lock("pool-alive", 3_000);
    expect(await release()).toBe(false);
  });

  test("stay with a worker that has just started and is not registered yet", async () => {
    await lock("pool-new", 5);
    expect(await release()).toBe(false);
  });
});

test("a start fails when a job has no implementation, two, or one that nobody queues", () => {
  const mail = sendMailJob({ smtpUrl: undefined }).job;
  expect(() => requireAllJobs([mail])).toThrow("sweep has no implementation");
  expect(() => requireAllJobs([mail, sweepJob, sweepJob])).toThrow("sweep is implemented twice");
  expect(() =>
    requireAllJobs([{ ...sweepJob, name: "made-up" as "sweep" }, mail, sweepJob]),
  ).toThrow("made-up is not in contract/jobs.ts");
});
