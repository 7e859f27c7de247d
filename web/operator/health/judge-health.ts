import type { Health } from "../../../src/contract/operator/health.ts";

export type Verdict = "good" | "look" | "bad";

/** Something that waits longer than this deserves a look, or is bad, ms. */
const LATE_MS = 60_000;
const TOO_LATE_MS = 600_000;
/** Entries that wait for their commit: more means that PostgreSQL does not keep up. */
const MANY_WAITING = 1_000;

/** How old something is that waits; 0 when nothing does. */
const waitMs = (since: string | null, nowMs: number): number =>
  since === null ? 0 : Math.max(0, nowMs - Date.parse(since));

function byAge(ms: number): Verdict {
  if (ms > TOO_LATE_MS) return "bad";
  return ms > LATE_MS ? "look" : "good";
}

/** How each part of the installation is, for people who do not know its figures. */
export function judgeHealth({ record, processes, queue }: Health, nowMs: number) {
  const alive = processes.filter(({ isAlive }) => isAlive);
  const hasWorker = alive.some(({ roles }) => roles.includes("worker"));
  const filing = byAge(waitMs(record.oldestUnfiledAt, nowMs));
  const waiting = byAge(waitMs(queue.oldestDueAt, nowMs));
  return {
    processes: (hasWorker ? "good" : "bad") satisfies Verdict as Verdict,
    record: (record.waiting > MANY_WAITING ? "bad" : filing) as Verdict,
    queue: (waiting === "good" && queue.failed > 0 ? "look" : waiting) as Verdict,
  };
}
