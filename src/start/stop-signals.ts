/**
 * One Ctrl+C reaches us several times: from the terminal, from npm and from scripts/ensure.mjs, which pass
 * it on. What comes within this time of the last one is the same, ms.
 */
const SAME_MS = 1_000;

/** What a signal means: the first stops, the second hurries, the third ends the process. */
export class StopSignals {
  readonly #hurry = new AbortController();
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Aborted when nothing should be waited for any more. */
  get hurry(): AbortSignal {
    return this.#hurry.signal;
  }

  /** @param nowMs a monotonic clock */
  receive(nowMs: number): "stop" | "hurry" | "exit" | "same" {
    const isSame = nowMs - this.#lastMs < SAME_MS;
    if (isSame) return "same";
    this.#lastMs = nowMs;
    this.#count += 1;
    if (this.#count === 1) return "stop";
    if (this.#count > 2) return "exit";
    this.#hurry.abort();
    return "hurry";
  }
}
