import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Logger as WorkerLogger, parseCronItems, run, type Runner } from "graphile-worker";
import type { Logger } from "pino";
import { jobs as contracts } from "../../contract/jobs.ts";
import type { Services } from "../../context.ts";
import { openDatabase, type OpenDatabase } from "../db/db.ts";
import type { Job } from "./define-job.ts";
import { Heartbeat } from "./heartbeat.ts";
import { schedule } from "./schedule.ts";
import { toTaskList } from "./task-list.ts";

/** Jobs at once: they wait for other machines more than they compute. */
const CONCURRENCY = 4;
/** Connections: one for each job, one to listen, the rest for receipts and heartbeats. */
const MAX_CONNECTIONS = 8;
/** New jobs are announced; this is for those whose time has come, ms. */
const POLL_MS = 2_000;
/** A job that has not ended so long after the stop is told to, ms. */
const ABORT_AFTER_MS = 5_000;
/** So long it then has to obey, ms. What still runs is released as if this process had died. */
const GIVE_UP_AFTER_MS = 8_000;
/** graphile-worker ends when it cannot note down what became of a job; it is started again after this, ms. */
const RESTART_PAUSE_MS = 1_000;
/** How far back a schedule is made up for after a pause, ms. */
const BACKFILL_MS = 3_600_000;

export type RunningWorker = {
  /** Lets running jobs end, for a bounded time; `hurry` aborts them at once. */
  stop(hurry?: AbortSignal): Promise<void>;
};

export type WorkerOptions = {
  ownerUrl: string;
  processId: string;
  jobs: readonly Job[];
  services: Services;
};

/** Runs jobs in this process until it is stopped, whatever becomes of PostgreSQL meanwhile. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config, log } = options.services;
  const taskList = toTaskList(options.jobs, options.services);
  let isClosing = false;
  const database = openDatabase(
    options.ownerUrl,
    (error) => {
      // The pool does not wait for the goodbyes of its connections.
      if (!isClosing) log.warn({ err: error }, "the worker lost a connection to PostgreSQL");
    },
    { max: MAX_CONNECTIONS },
  );
  const workerIds: string[] = [];
  const heartbeat = new Heartbeat({
    db: database.db,
    processId: options.processId,
    roles: config.roles,
    log,
    workerIds: () => workerIds,
    releases: true,
  });
  const events = listen({ workerIds, log, onNewWorker: () => heartbeat.beat() });
  await heartbeat.start();
  const start = (): Promise<Runner> =>
    run({
      pgPool: database.pool,
      taskList,
      parsedCronItems: cronItems(),
      events,
      logger: quietLogger(log),
      noHandleSignals: true,
      concurrency: CONCURRENCY,
      pollInterval: POLL_MS,
      gracefulShutdownAbortTimeout: ABORT_AFTER_MS,
      // Without batches a receipt that fails is an unhandled rejection, which would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
  const supervised = await supervise(start, log);
  return {
    async stop(hurry) {
      await supervised.stop(hurry);
      await heartbeat.stop();
      isClosing = true;
      await closePool(database);
    },
  };
}

function cronItems() {
  return parseCronItems(
    schedule.map(({ job, match }) => ({
      task: job,
      match,
      identifier: job,
      options: {
        backfillPeriod: BACKFILL_MS,
        maxAttempts: contracts[job].maxAttempts,
        jobKey: `${job}:scheduled`,
      },
    })),
  );
}

type Listening = {
  workerIds: string[];
  log: Logger;
  onNewWorker: () => void;
};

function listen({ workerIds, log, onNewWorker }: Listening): EventEmitter {
  const events = new EventEmitter();
  // The pool is what graphile-worker writes into locked_by.
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) => {
    workerIds.splice(0, workerIds.length, workerPool.id);
    onNewWorker();
  });
  events.on("job:error", ({ job, error }: { job: Tried; error: unknown }) => {
    if (job.attempts < job.max_attempts) log.warn({ err: error, ...told(job) }, "a job failed");
  });
  events.on("job:failed", ({ job, error }: { job: Tried; error: unknown }) => {
    log.error({ err: error, ...told(job) }, "a job failed for good: nobody tries it again");
  });
  return events;
}

type Tried = { id: string; task_identifier: string; attempts: number; max_attempts: number };

const told = ({ id, task_identifier, attempts, max_attempts }: Tried): object => ({
  jobId: id,
  job: task_identifier,
  attempts,
  maxAttempts: max_attempts,
});

/** Its own lines say little more than the events above, and put payloads beside it. */
function quietLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === "error" || level === "warning") log.debug({ worker: message }, "graphile-worker");
  });
}

/** Keeps a runner running until it is stopped. */
async function supervise(start: () => Promise<Runner>, log: Logger) {
  const stopping = new AbortController();
  let runner = await start();
  const watching = (async () => {
    for (;;) {
      await runner.promise.catch(() => {});
      if (stopping.signal.aborted) return;
      log.warn({}, "the worker ended by itself; starting it again");
      const next = await restart(start, { log, stopping: stopping.signal });
      if (next === undefined) return;
      runner = next;
    }
  })();
  return {
    async stop(hurry?: AbortSignal): Promise<void> {
      stopping.abort();
      const ended = runner.stop().catch(() => {});
      const patience = AbortSignal.any([
        AbortSignal.timeout(GIVE_UP_AFTER_MS),
        ...(hurry ? [hurry] : []),
      ]);
      await Promise.race([Promise.all([ended, watching]), aborted(patience)]);
    },
  };
}

async function restart(
  start: () => Promise<Runner>,
  { log, stopping }: { log: Logger; stopping: AbortSignal },
): Promise<Runner | undefined> {
  for (;;) {
    try {
      await delay(RESTART_PAUSE_MS, undefined, { signal: stopping });
      const runner = await start();
      if (!stopping.aborted) return runner;
      await runner.stop().catch(() => {});
      return undefined;
    } catch (error) {
      if (stopping.aborted) return undefined;
      log.warn({ err: error }, "the worker does not start; trying again");
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
}

/** A job that did not end keeps its connection; the process is about to end, and takes it along. */
async function closePool(database: OpenDatabase): Promise<void> {
  await Promise.race([database.close().catch(() => {}), delay(500, undefined, { ref: false })]);
}
