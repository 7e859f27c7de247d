import { setTimeout as delay } from "node:timers/promises";
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Logger } from "pino";
import { ProblemError } from "../../problem-error.ts";

/** How often is looked for what is new, and asked whether the caller still may have it, ms. */
const LOOK_EVERY_MS = 1_000;
/** Proxies end connections on which nothing is said for longer, ms. */
const SAY_SOMETHING_EVERY_MS = 15_000;

export type LiveOptions = {
  /** What is new as text of events, empty where nothing is. @throws when the caller may have no more. */
  look: () => Promise<string>;
  /** Ends it: the server stops, or nobody listens. */
  signal: AbortSignal;
  log: Logger;
};

/** What comes anew, as server-sent events (HTML Standard §9.2), until the signal or the caller's end. */
export async function* liveEvents({ look, signal, log }: LiveOptions): AsyncGenerator<string> {
  let saidAtMs = performance.now();
  // Something at once: the browser knows that it is connected.
  yield "retry: 5000\n\n";
  try {
    while (!signal.aborted) {
      const text = await look();
      const isQuiet = performance.now() - saidAtMs < SAY_SOMETHING_EVERY_MS;
      if (text !== "" || !isQuiet) {
        yield text === "" ? ":\n\n" : text;
        saidAtMs = performance.now();
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    const code = error instanceof ProblemError ? error.code : "internal";
    if (code === "internal") log.error({ err: error }, "a live stream broke off");
    yield liveEvent("end", { code });
  }
}

export const liveEvent = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Answers with events until one of both ends goes.
 *
 * @param start is given the signal of the connection's end: not the stream's, which comes with the next thing to
 *   say, a quarter of a minute on.
 * @param leave is called once at that end.
 */
export function sendEvents(
  reply: FastifyReply,
  { start, leave }: { start: (gone: AbortSignal) => AsyncGenerator<string>; leave: () => void },
): FastifyReply {
  const gone = new AbortController();
  const close = () => {
    gone.abort();
    leave();
  };
  if (reply.raw.closed) close();
  else reply.raw.once("close", close);
  return (
    reply
      .type("text/event-stream")
      // Once it ends nothing else is asked on it, and a server that stops waits for no idle connection.
      .header("connection", "close")
      .header("cache-control", "no-store")
      .header("x-accel-buffering", "no")
      .send(Readable.from(start(gone.signal), { objectMode: false }))
  );
}
