import type { JobName, JobPayload } from "../../contract/jobs.ts";
import type { Context } from "../../context.ts";

export type JobTools = {
  /** Acts for the system: a job has no person behind it. */
  ctx: Context;
  /** Aborts when the try has lasted `timeoutMs` or the worker stops. Hand it to all that waits. */
  signal: AbortSignal;
};

export type Job<Name extends JobName = JobName> = {
  name: Name;
  timeoutMs: number;
  /** Must be safe to run twice: a worker can die between the work and its receipt. */
  run(tools: JobTools, payload: JobPayload<Name>): Promise<void>;
};

export function defineJob<Name extends JobName>(job: Job<Name>): Job<Name> {
  return job;
}

/** Thrown by a job when no further try can help: it has failed for good at once, and the operator hears of it. */
export class JobHopeless extends Error {
  override readonly name = "JobHopeless";
}
