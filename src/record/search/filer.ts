import { GrowingPause, Rounds } from "../../platform/rounds/rounds.ts";
import { fileRound, type FilingServices, type Round } from "./file-round.ts";

/** Time between rounds while there is news, ms: an entry can be searched for by index soon. */
const QUICK_MS = 200;
/** ... and at most, when nothing happens or PostgreSQL is away. */
const SLOW_MS = 1_000;
/** Writers that have ended are looked for this often, ms. */
const ENDS_EVERY_MS = 60_000;

/**
 * Files what is committed until it is stopped. Polls: a notification for each entry would serialise
 * all commits. Every process may run one; readers find what is not filed yet all the same.
 */
export class Filer {
  readonly #services: FilingServices;
  readonly #pause = new GrowingPause(QUICK_MS, SLOW_MS);
  readonly #rounds = new Rounds(
    () => this.#runRound(),
    (error) => {
      this.#services.log.warn({ err: error }, "entries could not be filed; tried again");
      return SLOW_MS;
    },
  );
  #isFirst = true;
  #endsSoughtMs = Number.NEGATIVE_INFINITY;

  constructor(services: FilingServices) {
    this.#services = services;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Lets the round under way end. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  async #runRound(): Promise<number> {
    const { hasMore, hasNews } = await fileRound(this.#services, this.#nextRound());
    const pauseMs = this.#pause.next({ hasNews });
    return hasMore ? 0 : pauseMs;
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
