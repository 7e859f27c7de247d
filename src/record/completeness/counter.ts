import { Rounds } from "../../platform/rounds/rounds.ts";
import type { SequencingServices } from "../sequencer/sequence-round.ts";
import { countRound, CountMemory } from "./count-round.ts";
import { thinMaps } from "./thin-maps.ts";

/** Time between two looks whether the next map of counts is due, ms. */
const LOOK_EVERY_MS = 1_000;
/** ... and before the log may be added to, ms. */
const UNSETTLED_MS = 100;
/** Time between two looks for old maps that need not be kept, ms. */
const THIN_EVERY_MS = 3_600_000;

/**
 * Counts what comes into the log, until it is stopped: beside the sequencer, so that whoever waits for a checkpoint
 * does not wait for counts that have to catch up. Any number of processes may run one; one at a time counts.
 */
export class Counter {
  readonly #services: SequencingServices;
  readonly #isSettled: () => boolean;
  readonly #memory = new CountMemory();
  readonly #rounds = new Rounds(
    () => this.#runRound(),
    (error) => {
      this.#services.log.error({ err: error }, "the log could not be counted; tried again");
      return LOOK_EVERY_MS;
    },
  );
  #hasMore = false;
  #thinnedAtMs = Number.NEGATIVE_INFINITY;

  /** @param isSettled false: nothing may be added to the log now. */
  constructor(services: SequencingServices, isSettled: () => boolean) {
    this.#services = services;
    this.#isSettled = isSettled;
  }

  start(): void {
    this.#rounds.start();
  }

  /** Lets the round under way end. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  async #runRound(): Promise<number> {
    if (!this.#isSettled()) return UNSETTLED_MS;
    this.#hasMore = (
      await countRound(this.#services, this.#memory, { isDue: this.#hasMore })
    ).hasMore;
    if (this.#hasMore) return 0;
    if (performance.now() - this.#thinnedAtMs >= THIN_EVERY_MS) {
      this.#thinnedAtMs = performance.now();
      await thinMaps(this.#services.db);
    }
    return LOOK_EVERY_MS;
  }
}
