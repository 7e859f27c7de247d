import type { JobName } from "../../contract/jobs.ts";

type Scheduled = {
  job: JobName;
  /** Cron pattern, UTC. */
  match: string;
  why: string;
};

/** What runs again and again. One of all processes queues each; a run that was missed is made up for by the next. */
export const schedule: readonly Scheduled[] = [
  { job: "sweep", match: "*/10 * * * *", why: "what has ended goes, so that tables stay small" },
];
