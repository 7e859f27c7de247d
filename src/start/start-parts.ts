import { uuidv7 } from "../platform/crypto/uuid.ts";
import { migrate } from "../platform/db/migrate.ts";
import type { Job } from "../platform/jobs/define-job.ts";
import { Heartbeat } from "../platform/jobs/heartbeat.ts";
import { startWorker } from "../platform/jobs/start-worker.ts";
import { sweepJob } from "../platform/jobs/sweep.job.ts";
import { requireAllJobs } from "../platform/jobs/task-list.ts";
import { sendMailJob } from "../platform/mail/send-mail.job.ts";
import { renewClaimLink } from "./claim-link.ts";
import type { RunningDatabase } from "./open-database.ts";
import { openServices, type OpenServices } from "./open-services.ts";
import type { StartOptions } from "./start.ts";
import { startSequencer } from "./start-sequencer.ts";
import { startWeb } from "./start-web.ts";

type Stop = (hurry: AbortSignal) => Promise<void>;

type Parts = StartOptions & { database: RunningDatabase };

/**
 * Starts web and worker on a database that answers. Both are stopped at once, and what they record with
 * after them; where one start fails, what was started before it is stopped.
 */
export async function startParts(
  options: Parts,
): Promise<{ claimLink: string | undefined; stop: Stop }> {
  const { config, database, log, clock } = options;
  await migrate(database);
  const processId = uuidv7(clock.now().getTime());
  const open = await openServices({ config, database, processId, clock, log });
  const parts: Stop[] = [];
  const quietly = (stopping: Promise<void>): Promise<void> =>
    stopping.catch((error: unknown) => {
      log.error({ err: error }, "a part did not stop cleanly");
    });
  const stop: Stop = async (hurry) => {
    await Promise.all(parts.map((part) => quietly(part(hurry))));
    await quietly(open.close());
  };
  try {
    parts.push(await startWork(open, { database, processId }));
    parts.push(await startBackground(open));
    const sequencer = config.roles.includes("sequencer")
      ? await startSequencer(open, database)
      : null;
    if (sequencer !== null) parts.push(sequencer.stop);
    if (!config.roles.includes("web")) return { claimLink: undefined, stop };
    parts.push(await startWeb(open, sequencer?.promise ?? null));
    return { claimLink: await renewClaimLink(open.services.db, config, clock.now()), stop };
  } catch (error) {
    await stop(AbortSignal.abort());
    throw error;
  }
}

/** What every process does beside its parts. */
async function startBackground({ wings }: OpenServices): Promise<Stop> {
  const stops = await Promise.all(wings.wings.map(async (wing) => await wing.background?.()));
  return async () => {
    for (const stop of stops) await stop?.();
  };
}

/** The worker, or, where this process has none, the heartbeat alone. */
async function startWork(
  { services, wings }: OpenServices,
  { database, processId }: { database: RunningDatabase; processId: string },
): Promise<Stop> {
  const { config, db, log } = services;
  const mail = sendMailJob(config);
  const jobs: Job[] = [mail.job, sweepJob, ...wings.wings.flatMap((wing) => wing.jobs ?? [])];
  requireAllJobs(jobs);
  if (config.roles.includes("worker")) {
    const worker = await startWorker({ ownerUrl: database.ownerUrl, processId, jobs, services });
    return async (hurry) => {
      await worker.stop(hurry);
      await mail.close();
    };
  }
  const heartbeat = new Heartbeat({
    db,
    processId,
    roles: config.roles,
    log,
    workerIds: () => [],
    releases: false,
  });
  await heartbeat.start();
  return () => heartbeat.stop();
}
