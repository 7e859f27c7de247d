import { GrowingPause, Rounds } from "../../platform/rounds/rounds.ts";
import { Counter } from "../completeness/counter.ts";
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
  readonly #counter: Counter;
  #signedAtMs = Number.NEGATIVE_INFINITY;
  #isSettled = false;

  constructor(services: SigningServices) {
    this.#services = services;
    this.#counter = new Counter(services, () => this.#isSettled);
  }

  start(): void {
    this.#rounds.start();
    this.#counter.start();
  }

  /** Lets the rounds under way end. */
  async stop(): Promise<void> {
    await Promise.all([this.#rounds.stop(), this.#counter.stop()]);
  }

  async #runRound(): Promise<number> {
    // Before anything is added: a restored database must not go on under the name it had.
    this.#isSettled ||= (await settleEpoch(this.#services)) !== null;
    if (!this.#isSettled) return SLOW_MS;
    const { added, hasMore } = await sequenceRound(this.#services, this.#memory);
    await this.#signInTime();
    const pauseMs = this.#pause.next({ hasNews: added > 0 });
    return hasMore ? 0 : pauseMs;
  }

  async #signInTime(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#signedAtMs < SIGN_EVERY_MS) return;
    const signed = await signRound(this.#services);
    if (signed === null) return;
    this.#signedAtMs = nowMs;
    if ("broken" in signed) this.#isSettled = false;
  }
}
