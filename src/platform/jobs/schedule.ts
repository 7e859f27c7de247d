import type { JobName } from "../../contract/jobs.ts";

type Scheduled = {
  job: JobName;
  /** Cron pattern, UTC. */
  match: string;
  why: string;
};

/** What runs again and again. One of all processes queues each; a run that was missed is made up for by the next. */
export const schedule: readonly Scheduled[] = [
  {
    job: "tend-passwords",
    match: "7 * * * *",
    why: "who has to change a password is told ahead, whatever the hour they wake up",
  },
  { job: "sweep", match: "*/10 * * * *", why: "what has ended goes, so that tables stay small" },
];
