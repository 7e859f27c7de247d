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

type Warning = Health["warnings"][number];

export type Part = "processes" | "record" | "log" | "queue";

/** Where each warning is shown. */
const PART_OF = {
  "record-late": "record",
  "filing-behind": "record",
  "bad-batches": "record",
  "log-behind": "log",
  "witness-failing": "log",
  "jobs-failed": "queue",
  "addresses-failing": "queue",
  "streams-behind": "log",
  "streams-refused": "log",
} as const satisfies Record<Warning["code"], Part>;

/** Warnings that are no matter of time: each is bad at once. */
const BAD: readonly Warning["code"][] = ["record-late", "bad-batches"];

/** The log deserves a look then, however new what it covers is. */
const OF_STREAMS: readonly Warning["code"][] = ["streams-behind", "streams-refused"];

/** How each part of the installation is, for people who do not know its figures. */
export function judgeHealth(
  { record, processes, queue, warnings }: Health,
  nowMs: number,
): Record<Part, Verdict> {
  const alive = processes.filter(({ isAlive }) => isAlive);
  const hasWorker = alive.some(({ roles }) => roles.includes("worker"));
  const filing = byAge(waitMs(record.oldestUnfiledAt, nowMs));
  const waiting = byAge(waitMs(queue.oldestDueAt, nowMs));
  const isBad = record.waiting > MANY_WAITING || warnings.some(({ code }) => BAD.includes(code));
  return {
    processes: hasWorker ? "good" : "bad",
    record: isBad ? "bad" : filing,
    log: withDoubt(
      byAge(waitMs(record.oldestUnprovenAt, nowMs)),
      record.failingWitnesses.length > 0 || warnings.some(({ code }) => OF_STREAMS.includes(code)),
    ),
    queue: withDoubt(waiting, queue.failed > 0),
  };
}

/** What is good by its age, and deserves a look all the same. */
const withDoubt = (byItsAge: Verdict, isDoubtful: boolean): Verdict =>
  byItsAge === "good" && isDoubtful ? "look" : byItsAge;

/** What the server itself remarks about a part. */
export const warningsOf = ({ warnings }: Health, part: Part): Warning[] =>
  warnings.filter(({ code }) => PART_OF[code] === part);
