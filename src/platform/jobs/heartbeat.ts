import { sql } from "kysely";
import type { Logger } from "pino";
import type { ProcessRole } from "../../config-values.ts";
import type { Db } from "../db/db.ts";
import { releaseAbandoned } from "./release-abandoned.ts";

/** How often a process says that it lives, ms. */
const BEAT_EVERY_MS = 5_000;

export type HeartbeatOptions = {
  /** The owner of graphile-worker's schema where `releases`; else any role. */
  db: Db;
  processId: string;
  roles: readonly ProcessRole[];
  log: Logger;
  /** What graphile-worker writes into `locked_by` for this process now. */
  workerIds: () => string[];
  /** Whether this process takes care of the jobs of dead ones. */
  releases: boolean;
};

/**
 * Keeps this process's row in `process`, and, where it runs jobs, releases those of processes that are
 * gone. A process that was paused so long that it counted as dead is back with its next beat.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #hasMissed = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** The first beat is awaited: the process is known before it takes a job. */
  async start(): Promise<void> {
    await this.#register();
    this.#timer = setInterval(() => this.beat(), BEAT_EVERY_MS);
  }

  /** Beats now, beside the timer; for whoever has new worker ids. */
  beat(): void {
    // One after the other: a beat that hangs must not be overtaken by an older one.
    this.#beating = this.#beating.then(() => this.#beatOnce());
  }

  async #beatOnce(): Promise<void> {
    const { db, log, releases } = this.#options;
    try {
      await this.#register();
      // After an outage of PostgreSQL everybody looks dead: the others get the time of one beat.
      if (releases && !this.#hasMissed) await releaseAbandoned(db, log);
      this.#hasMissed = false;
    } catch (error) {
      this.#hasMissed = true;
      log.warn({ err: error }, "this process could not say that it lives");
    }
  }

  async #register(): Promise<void> {
    const { db, processId, roles, workerIds } = this.#options;
    const seen_at = sql<Date>`clock_timestamp()`;
    const worker_ids = workerIds();
    await db
      .insertInto("process")
      .values({ id: processId, roles: [...roles], worker_ids, seen_at })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ worker_ids, seen_at }))
      .execute();
  }

  /** Takes the row away: nobody has to wait for this process to be found dead. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const { db, processId, log } = this.#options;
    try {
      await db.deleteFrom("process").where("id", "=", processId).execute();
    } catch (error) {
      log.warn({ err: error }, "this process could not sign off");
    }
  }
}
