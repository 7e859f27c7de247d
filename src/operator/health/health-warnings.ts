import type { Health } from "../../contract/operator/health.ts";
import type { Context } from "../../context.ts";
import { MAX_ENTRY_WAIT_MS } from "../../platform/health/readiness.ts";
import type { QueueState } from "../../platform/jobs/queue-state.ts";
import { LOG_BEHIND_MS } from "../../record/sequencer/log-lag.ts";
import { FILING_BEHIND_MS, type FilingLag } from "../../record/search/filing-lag.ts";

type Warning = Health["warnings"][number];

/** What an operator should look at, and where. Why these leave the service running: platform/health/readiness.ts. */
export function warningsOf(
  { recorder, now }: Pick<Context, "recorder" | "now">,
  {
    filing,
    unprovenSince,
    queue,
  }: { filing: FilingLag; unprovenSince: Date | null; queue: QueueState },
): Warning[] {
  const unprovenMs = unprovenSince === null ? 0 : now().getTime() - unprovenSince.getTime();
  const behindMs = filing.oldestAt === null ? 0 : now().getTime() - filing.oldestAt.getTime();
  const found: [isSo: boolean, warning: Warning][] = [
    [
      recorder.oldestWaitMs > MAX_ENTRY_WAIT_MS,
      {
        code: "record-late",
        detail: `An entry waits for its commit for ${seconds(recorder.oldestWaitMs)}: PostgreSQL is away or stuck.`,
      },
    ],
    [
      behindMs > FILING_BEHIND_MS,
      {
        code: "filing-behind",
        detail: `Filing is ${seconds(behindMs)} behind, ${filing.batches} batches. Reading the log is slower and complete; the process's log says why.`,
      },
    ],
    [
      unprovenMs > LOG_BEHIND_MS,
      {
        code: "log-behind",
        detail: `The public log is ${seconds(unprovenMs)} behind the record. Does a process run the sequencer (SALLYPORT_ROLES)? Its log says why it does not go on.`,
      },
    ],
    [
      recorder.badBatchCount > 0,
      {
        code: "bad-batches",
        detail:
          "A batch on record is not as it was written, or the secret key that it was written with is not among the settings. The process's log names it; docs/record.md says more.",
      },
    ],
    [
      queue.failed > 0,
      {
        code: "jobs-failed",
        detail: `Jobs that failed for good: ${queue.failed}. Look at the queue and try them again.`,
      },
    ],
  ];
  return found.filter(([isSo]) => isSo).map(([, warning]) => warning);
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
