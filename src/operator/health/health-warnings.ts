import type { HealthWarning } from "../../contract/failures.ts";
import type { Health } from "../../contract/operator/health.ts";
import type { Context } from "../../context.ts";
import { healthWarningText } from "../../failures.ts";
import { MAX_ENTRY_WAIT_MS } from "../../platform/health/readiness.ts";
import type { QueueState } from "../../platform/jobs/queue-state.ts";
import { LOG_BEHIND_MS, type LogLag } from "../../record/sequencer/log-lag.ts";
import type { StreamState } from "../../record/streams/lag-queries.ts";
import { FILING_BEHIND_MS, type FilingLag } from "../../record/search/filing-lag.ts";

type Warning = Health["warnings"][number];

type State = {
  filing: FilingLag;
  log: LogLag;
  queue: QueueState;
  streams: StreamState;
  /** Addresses that mail servers refuse. */
  failingAddresses: number;
};

/** What an operator should look at, and where. Why these leave the service running: platform/health/readiness.ts. */
export function warningsOf(
  { recorder, now }: Pick<Context, "recorder" | "now">,
  { filing, log, queue, streams, failingAddresses }: State,
): Warning[] {
  const unprovenMs = log.oldestAt === null ? 0 : now().getTime() - log.oldestAt.getTime();
  const behindMs = filing.oldestAt === null ? 0 : now().getTime() - filing.oldestAt.getTime();
  const found: [isSo: boolean, warning: HealthWarning][] = [
    [
      recorder.oldestWaitMs > MAX_ENTRY_WAIT_MS,
      { code: "record-late", params: { seconds: inSeconds(recorder.oldestWaitMs) } },
    ],
    [
      behindMs > FILING_BEHIND_MS,
      {
        code: "filing-behind",
        params: { seconds: inSeconds(behindMs), batches: filing.batches },
      },
    ],
    [
      unprovenMs > LOG_BEHIND_MS,
      { code: "log-behind", params: { seconds: inSeconds(unprovenMs) } },
    ],
    [
      log.failingWitnesses.length > 0,
      { code: "witness-failing", params: { names: log.failingWitnesses.join(", ") } },
    ],
    [recorder.badBatchCount > 0, { code: "bad-batches" }],
    [
      streams.behind.length > 0,
      { code: "streams-behind", params: { names: streams.behind.join(", ") } },
    ],
    [
      streams.deadLetters > 0,
      {
        code: "streams-refused",
        params: { count: streams.deadLetters, names: streams.refused.join(", ") },
      },
    ],
    [queue.failed > 0, { code: "jobs-failed", params: { count: queue.failed } }],
    [failingAddresses > 0, { code: "addresses-failing", params: { count: failingAddresses } }],
  ];
  return found
    .filter(([isSo]) => isSo)
    .map(([, warning]) => ({
      code: warning.code,
      ...(warning.params !== undefined && { params: { ...warning.params } }),
      detail: healthWarningText(warning),
    }));
}

const inSeconds = (ms: number): number => Math.round(ms / 1000);
