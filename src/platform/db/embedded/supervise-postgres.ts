import { setTimeout as delay } from "node:timers/promises";
import type { EmbeddedLog } from "./embedded-log.ts";
import {
  startPostgres,
  type PostgresExit,
  type PostgresProcess,
  type ServerSpec,
} from "./postgres-process.ts";

/** A server that is up again and again until it is stopped. */
export type Supervised = { stop: () => Promise<void>; onExit: (listener: ExitListener) => void };

/** Hears of every end that nobody asked for; the server is being started again. */
export type ExitListener = (exit: PostgresExit) => void;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** A server that ran so long has recovered: the next pause is the shortest again, ms. */
const HEALTHY_MS = 60_000;
/** Longest wait for a fast shutdown before an immediate one, after which it recovers at the next start, ms. */
const FAST_SHUTDOWN_MS = 30_000;

/** Starts the server, and starts it again whenever it ends by itself. */
export async function supervisePostgres(spec: ServerSpec, log: EmbeddedLog): Promise<Supervised> {
  const listeners: ExitListener[] = [];
  const stopping = new AbortController();
  let server = await startPostgres(spec);

  // Nothing can be awaited there; the signal alone makes it a clean shutdown.
  const leave = (): void => server.signal("SIGINT");
  process.once("exit", leave);

  const watching = (async () => {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const startedMs = performance.now();
      const exit = await server.exited;
      if (stopping.signal.aborted) return;
      log.error({ ...exit, pid: server.pid }, "PostgreSQL has ended by itself; starting it again");
      for (const listener of listeners) listener(exit);
      if (performance.now() - startedMs > HEALTHY_MS) pauseMs = FIRST_PAUSE_MS;
      const restarted = await restart(spec, { pauseMs, stopping: stopping.signal, log });
      if (restarted === undefined) return;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      server = restarted;
      // stop() may have signalled the server before this one.
      if (stopping.signal.aborted) server.signal("SIGINT");
      log.info({ pid: server.pid }, "PostgreSQL runs again");
    }
  })();

  return {
    onExit: (listener) => void listeners.push(listener),
    async stop() {
      stopping.abort();
      server.signal("SIGINT");
      const patience = setTimeout(() => server.signal("SIGQUIT"), FAST_SHUTDOWN_MS);
      await watching;
      await server.exited;
      clearTimeout(patience);
      process.off("exit", leave);
    },
  };
}

type Restart = { pauseMs: number; stopping: AbortSignal; log: EmbeddedLog };

async function restart(spec: ServerSpec, options: Restart): Promise<PostgresProcess | undefined> {
  let { pauseMs } = options;
  while (!options.stopping.aborted) {
    try {
      await delay(pauseMs, undefined, { signal: options.stopping });
      return await startPostgres(spec);
    } catch (error) {
      if (options.stopping.aborted) return undefined;
      options.log.error({ err: error }, "PostgreSQL does not start; trying again");
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
  return undefined;
}
