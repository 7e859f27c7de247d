import { GrowingPause, Rounds } from "../../platform/rounds/rounds.ts";
import { countRound, CountMemory } from "../completeness/count-round.ts";
import { thinMaps } from "../completeness/thin-maps.ts";
import { sequenceRound, Memory } from "./sequence-round.ts";
import { settleEpoch, type SigningServices } from "./settle-epoch.ts";
import { signRound } from "./sign-round.ts";

/** Time between rounds while there is news, ms. */
const QUICK_MS = 100;
/** ... and at most, when nothing happens. */
const SLOW_MS = 1_000;
/** After a failure, ms. */
const AGAIN_MS = 1_000;
/** Time between two checkpoints while there is news, ms. */
const SIGN_EVERY_MS = 1_000;
/** Time between two looks whether the next map of counts is due, ms; what is new since is on disk. */
const LOOK_EVERY_MS = 1_000;
/** Time between two looks for old maps that need not be kept, ms. */
const THIN_EVERY_MS = 3_600_000;

/**
 * Brings what is committed into the log and signs it, until it is stopped. Any number of processes may
 * run one; the database lets one at a time work. Polls, as the filer does and for the same reason.
 */
export class Sequencer {
  readonly #services: SigningServices;
  readonly #memory = new Memory();
  readonly #pause = new GrowingPause(QUICK_MS, SLOW_MS);
  readonly #rounds = new Rounds(
    () => this.#runRound(),
    (error) => {
      this.#services.log.error({ err: error }, "the log could not go on; tried again");
      return AGAIN_MS;
    },
  );
  readonly #counts = new CountMemory();
  #signedAtMs = Number.NEGATIVE_INFINITY;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #thinnedAtMs = Number.NEGATIVE_INFINITY;
  #isCountBehind = false;
  #isSettled = false;

  constructor(services: SigningServices) {
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
    // Before anything is added: a restored database must not go on under the name it had.
    this.#isSettled ||= (await settleEpoch(this.#services)) !== null;
    if (!this.#isSettled) return SLOW_MS;
    const { added, hasMore } = await sequenceRound(this.#services, this.#memory);
    await this.#countInTime();
    await this.#signInTime();
    const pauseMs = this.#pause.next({ hasNews: added > 0 });
    return hasMore || this.#isCountBehind ? 0 : pauseMs;
  }

  async #countInTime(): Promise<void> {
    if (!this.#isCountBehind && performance.now() - this.#lookedAtMs < LOOK_EVERY_MS) return;
    this.#lookedAtMs = performance.now();
    const memories = { log: this.#memory, counts: this.#counts };
    const { hasMore } = await countRound(this.#services, memories, { isDue: this.#isCountBehind });
    this.#isCountBehind = hasMore;
    if (performance.now() - this.#thinnedAtMs < THIN_EVERY_MS) return;
    this.#thinnedAtMs = performance.now();
    await thinMaps(this.#services.db);
  }

  async #signInTime(): Promise<void> {
    if (performance.now() - this.#signedAtMs < SIGN_EVERY_MS) return;
    const signed = await signRound(this.#services);
    if (signed === null) return;
    this.#signedAtMs = performance.now();
    if ("broken" in signed) this.#isSettled = false;
  }
}
