import { ConfigError } from "../config.ts";
import { EmbeddedPostgresError } from "../platform/db/embedded/embedded-error.ts";
import { createLogger } from "../platform/log/create-logger.ts";
import { banner } from "./banner.ts";
import { chooseStart, type Chosen } from "./choose-start.ts";
import { startSallyport, type Sallyport } from "./start.ts";
import { EXIT_CONFIG, StartError } from "./start-error.ts";
import { StopSignals } from "./stop-signals.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
const MISHAPS = ["uncaughtException", "unhandledRejection"] as const;

/** One process from its start to its end; `exit` ends it. @param words what stands behind the program's name */
export async function runProcess(
  words: readonly string[],
  exit: (code: number) => never,
): Promise<void> {
  const log = createLogger({ isPretty: process.stderr.isTTY });
  const stopping = new StopSignals();
  let running: Promise<Sallyport> | undefined;
  const leaving = new AbortController();
  const isLeaving = () => leaving.signal.aborted;

  /** Stops in order, once. A start that is under way is waited for: it cannot be left half done. */
  async function leave(exitCode: number): Promise<void> {
    if (isLeaving()) return;
    leaving.abort();
    try {
      const sallyport = await running;
      await sallyport?.stop(stopping.hurry);
    } catch (error) {
      exit(explain(error, log));
    }
    exit(exitCode);
  }

  // Whoever reads our output may leave before us.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  for (const signal of SIGNALS)
    process.on(signal, () => {
      const meaning = stopping.receive(performance.now());
      if (meaning === "stop") void leave(0);
      // What is committed is safe; PostgreSQL is told to stop by the exit itself.
      if (meaning === "exit") exit(1);
    });
  for (const mishap of MISHAPS)
    process.on(mishap, (error: unknown) => {
      log.fatal({ err: error }, `${mishap}: stopping, because nobody knows what is true now`);
      void leave(1);
    });

  try {
    const chosen = await chooseStart(words, { log, signal: leaving.signal });
    const { config, prepare } = chosen;
    const clock = { now: () => new Date(), databaseShiftMs: 0 };
    running = startSallyport({ config, log, clock, prepare });
    const sallyport = await running;
    if (!isLeaving()) greet(chosen, sallyport);
  } catch (error) {
    if (!isLeaving()) exit(explain(error, log));
  }
}

/** The time is that of this process: what npm and scripts/ensure.mjs took comes on top. */
function greet({ config, afterword }: Chosen, { claimLink, isEmbedded }: Sallyport): void {
  const seconds = process.uptime();
  process.stdout.write(banner({ config, isEmbedded, claimLink, seconds }) + afterword());
}

/** Says why it does not start, to people. @returns the exit code, which is not 0 */
function explain(error: unknown, log: ReturnType<typeof createLogger>): number {
  const isTold =
    error instanceof ConfigError ||
    error instanceof StartError ||
    error instanceof EmbeddedPostgresError;
  if (isTold) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, "Sallyport does not start");
  if (error instanceof ConfigError) return EXIT_CONFIG;
  return error instanceof StartError ? error.exitCode : 1;
}
