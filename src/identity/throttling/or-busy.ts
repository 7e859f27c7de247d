import { ProblemError } from "../../problem-error.ts";
import { WorkQueueFullError } from "../passwords/work-gate.ts";

/** What the caller is told to wait when hashes or judgements queue up. */
const BUSY_RETRY_AFTER_SECONDS = 5;

/** Turns a full queue of hashes into an answer, never a hang. @throws {ProblemError} `too-many-requests`. */
export async function orBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof WorkQueueFullError)) throw error;
    throw new ProblemError("too-many-requests", {
      retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS,
      cause: error,
    });
  }
}
