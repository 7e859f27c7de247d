import packageJson from "../../../package.json" with { type: "json" };
import type { Health, Queue } from "../../contract/operator/health.ts";
import type { Context } from "../../context.ts";
import { failedJobs, queueState, type QueueState } from "../../platform/jobs/queue-state.ts";
import { countFailing } from "../../platform/mail/failing-addresses.ts";
import { requireOperator } from "../require-operator.ts";
import { listProcesses, readDatabase } from "./health-queries.ts";
import { warningsOf } from "./health-warnings.ts";

/** How the installation stands. @throws {ProblemError} `not-found` */
export async function readHealth(ctx: Context): Promise<Health> {
  requireOperator(ctx);
  const [database, filing, unproven, streams, processes, queue, failingAddresses] =
    await Promise.all([
      readDatabase(ctx.db),
      ctx.ports.filingLag(ctx.db),
      ctx.ports.logLag(ctx.db),
      ctx.ports.streamState(ctx.db, ctx.now()),
      listProcesses(ctx.db),
      queueState(ctx.db),
      countFailing(ctx.db),
    ]);
  return {
    version: packageJson.version,
    database,
    record: {
      waiting: ctx.recorder.queuedCount,
      unfiled: filing.batches,
      oldestUnfiledAt: filing.oldestAt?.toISOString() ?? null,
      oldestUnprovenAt: unproven.oldestAt?.toISOString() ?? null,
      failingWitnesses: unproven.failingWitnesses,
      oldestWaitSeconds: ctx.recorder.oldestWaitMs / 1000,
      badBatches: ctx.recorder.badBatchCount,
    },
    processes: processes.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
    })),
    queue: toState(queue),
    warnings: warningsOf(ctx, { filing, log: unproven, queue, streams, failingAddresses }),
  };
}

/** How the queue stands, and what failed for good. @throws {ProblemError} `not-found` */
export async function readQueue(ctx: Context): Promise<Queue> {
  requireOperator(ctx);
  const [state, failed] = await Promise.all([queueState(ctx.db), failedJobs(ctx.db)]);
  return {
    state: toState(state),
    failed: failed.map(({ queuedAt, failedAt, error, ...job }) => ({
      ...job,
      error: error === null ? null : withoutAddresses(error),
      queuedAt: queuedAt.toISOString(),
      failedAt: failedAt.toISOString(),
    })),
  };
}

function toState({ queued, running, failed, oldestDueAt }: QueueState): Queue["state"] {
  return { queued, running, failed, oldestDueAt: oldestDueAt?.toISOString() ?? null };
}

/** Mail servers repeat the address they refuse; whose mail failed is no part of the queue's state. */
const withoutAddresses = (text: string): string =>
  text.replaceAll(/[^\s<>"'@]{1,64}@[^\s<>"'@]{1,255}/g, "(address)");
