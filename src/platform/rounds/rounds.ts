/**
 * Runs something again and again until it is stopped, one round at a time. A timer of ours does not keep
 * a process alive.
 */
export class Rounds {
  readonly #run: () => Promise<number>;
  readonly #failed: (error: unknown) => number;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  /**
   * @param run does one round and says how long to wait before the next, ms.
   * @param failed is told what a round threw, and says the same.
   */
  constructor(run: () => Promise<number>, failed: (error: unknown) => number) {
    this.#run = run;
    this.#failed = failed;
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
      this.#round = this.#run()
        .catch(this.#failed)
        .then((nextMs) => this.#plan(nextMs));
    }, inMs);
    this.#timer.unref();
  }
}

/** A pause that grows while nothing happens, from `quickMs` to `slowMs`. */
export class GrowingPause {
  readonly #quickMs: number;
  readonly #slowMs: number;
  #ms: number;

  constructor(quickMs: number, slowMs: number) {
    this.#quickMs = quickMs;
    this.#slowMs = slowMs;
    this.#ms = quickMs;
  }

  next({ hasNews }: { hasNews: boolean }): number {
    this.#ms = hasNews ? this.#quickMs : Math.min(this.#slowMs, this.#ms * SLOWER_BY);
    return this.#ms;
  }
}

const SLOWER_BY = 1.5;
