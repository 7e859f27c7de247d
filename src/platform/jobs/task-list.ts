import type { JobHelpers, Task, TaskList } from "graphile-worker";
import { Value } from "typebox/value";
import { jobs as contracts, type JobName } from "../../contract/jobs.ts";
import { systemContext, type Services } from "../../context.ts";
import { JobHopeless, type Job } from "./define-job.ts";

/** Without this, a job would wait for ever, or a worker would take what nobody queues. @throws {Error} naming them */
export function requireAllJobs(implemented: readonly Job[]): void {
  const names = implemented.map(({ name }) => name);
  const faults = [
    ...Object.keys(contracts)
      .filter((name) => !names.includes(name as JobName))
      .map((name) => `${name} has no implementation`),
    ...names
      .filter((name) => !Object.hasOwn(contracts, name))
      .map((name) => `${name} is not in contract/jobs.ts`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `${name} is implemented twice`),
  ];
  if (faults.length > 0) throw new Error(`jobs: ${faults.join("; ")}`);
}

/** Our jobs in the form that graphile-worker runs. */
export function toTaskList(implemented: readonly Job[], services: Services): TaskList {
  return Object.fromEntries(implemented.map((job) => [job.name, toTask(job, services)]));
}

/** graphile-worker checks no payload, knows no time limit and tries everything to the end; all three are added here. */
function toTask(job: Job, services: Services): Task {
  return async (payload, helpers) => {
    try {
      if (!Value.Check(contracts[job.name].payload, payload))
        throw new JobHopeless(`the payload of ${job.name} is not one that this release knows`);
      await runInTime(job, payload, { services, helpers });
    } catch (error) {
      if (error instanceof JobHopeless) await giveUp(helpers);
      else await scatter(helpers);
      throw error;
    }
  };
}

type Surroundings = { services: Services; helpers: JobHelpers };

/** Ends when the time is up even if the job does not look at its signal. */
async function runInTime(
  job: Job,
  payload: Parameters<Job["run"]>[1],
  { services, helpers }: Surroundings,
): Promise<void> {
  const timeout = AbortSignal.timeout(job.timeoutMs);
  const signal = helpers.abortSignal ? AbortSignal.any([helpers.abortSignal, timeout]) : timeout;
  const ctx = systemContext(services, `job ${job.name}`);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void =>
    reject(
      new Error(timeout.aborted ? `took longer than ${job.timeoutMs} ms` : "the worker stops"),
    );
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([job.run({ ctx, signal }, payload), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Makes this try the last one: there is no function for a job that is running. */
async function giveUp({ job, withPgClient }: JobHelpers): Promise<void> {
  await withPgClient((client) =>
    client.query(
      "update graphile_worker._private_jobs set max_attempts = attempts where id = $1 and attempts > 0",
      [job.id],
    ),
  );
  job.max_attempts = job.attempts;
}

/** Of graphile-worker's wait before the next try, how much longer it may become. */
const JITTER = 0.5;

/**
 * What failed together, as while a mail server was away, is tried again apart. graphile-worker waits e^tries seconds
 * from the job's own time on, so that is where the rest is added.
 */
async function scatter({ job, withPgClient }: JobHelpers): Promise<void> {
  const waitSeconds = Math.exp(Math.min(job.attempts, 10));
  await withPgClient((client) =>
    client.query(
      "update graphile_worker._private_jobs set run_at = now() + make_interval(secs => $2) where id = $1",
      [job.id, Math.random() * JITTER * waitSeconds],
    ),
  );
}
