import { fileRound, type FilingServices, type Round } from "./file-round.ts";

/** Time between rounds while there is news, ms: an entry can be searched for by index soon. */
const QUICK_MS = 200;
/** ... and at most, when nothing happens or PostgreSQL is away. */
const SLOW_MS = 1_000;
const SLOWER_BY = 1.5;
/** Writers that have ended are looked for this often, ms. */
const ENDS_EVERY_MS = 60_000;

/**
 * Files what is committed until it is stopped. Polls: a notification for each entry would serialise
 * all commits. Every process may run one; readers find what is not filed yet all the same.
 */
export class Filer {
  readonly #services: FilingServices;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #pauseMs = QUICK_MS;
  #isStopped = false;
  #isFirst = true;
  #endsSoughtMs = Number.NEGATIVE_INFINITY;

  constructor(services: FilingServices) {
    this.#services = services;
  }

  start(): void {
    this.#plan(0);
  }

  /** Lets the round under way end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #plan(inMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#runRound();
    }, inMs);
    this.#timer.unref();
  }

  async #runRound(): Promise<void> {
    try {
      const { hasMore, hasNews } = await fileRound(this.#services, this.#nextRound());
      this.#pauseMs = hasNews ? QUICK_MS : Math.min(SLOW_MS, this.#pauseMs * SLOWER_BY);
      this.#plan(hasMore ? 0 : this.#pauseMs);
    } catch (error) {
      this.#services.log.warn({ err: error }, "entries could not be filed; tried again");
      this.#plan(SLOW_MS);
    }
  }

  #nextRound(): Round {
    const withBad = this.#isFirst;
    this.#isFirst = false;
    const nowMs = performance.now();
    const withEnds = nowMs - this.#endsSoughtMs > ENDS_EVERY_MS;
    if (withEnds) this.#endsSoughtMs = nowMs;
    return { withBad, withEnds };
  }
}
