import type { Services } from "../../context.ts";
import { Outbound } from "../../platform/outbound/outbound.ts";
import { GrowingPause, Rounds } from "../../platform/rounds/rounds.ts";
import type { SendingServices } from "./send-parcel.ts";
import { judgeStreams, streamRound } from "./stream-round.ts";

/** Time between rounds while there is news, ms. */
const QUICK_MS = 250;
/** ... and at most, when nothing happens. */
const SLOW_MS = 2_000;
/** After a failure, ms. */
const AGAIN_MS = 2_000;
/** Time between two looks whether a stream is behind, ms; the shortest bound is a minute. */
const JUDGE_EVERY_MS = 10_000;

/** Sends the log's streams until it is stopped, and says when one is behind. */
export function startStreaming(services: Services): () => Promise<void> {
  const stopping = new AbortController();
  const sending: SendingServices = {
    ...services,
    outbound: new Outbound(services.config.outboundAllow),
    random: Math.random,
    stopping: stopping.signal,
  };
  const pause = new GrowingPause(QUICK_MS, SLOW_MS);
  const judging = new Rounds(
    async () => {
      await judgeStreams(sending);
      return JUDGE_EVERY_MS;
    },
    (error) => failed(services, error),
  );
  const rounds = new Rounds(
    async () => pause.next({ hasNews: await streamRound(sending) }),
    (error) => failed(services, error),
  );
  rounds.start();
  judging.start();
  return async () => {
    stopping.abort();
    await Promise.all([rounds.stop(), judging.stop()]);
  };
}

function failed({ log }: Pick<Services, "log">, error: unknown): number {
  log.error({ err: error }, "streams of the log could not go on; tried again");
  return AGAIN_MS;
}
