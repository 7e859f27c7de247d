import { ProblemError } from "../../problem-error.ts";
import type { Detail } from "../../contract/failures.ts";

/** How many may be under way at once, and what is said to one more. */
export type GateLimits = {
  perAccount: number;
  together: number;
  detail: Detail;
  /** When a place may be free again. */
  retryAfterSeconds: number;
};

/** Keeps what takes long from taking the database for itself. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #running = new Map<string, number>();
  #together = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /**
   * @returns what must be called once it is over.
   * @throws {ProblemError} `too-many-requests`.
   */
  enter(accountId: string): () => void {
    const own = this.#running.get(accountId) ?? 0;
    const { perAccount, together, detail, retryAfterSeconds } = this.#limits;
    if (own >= perAccount || this.#together >= together)
      throw new ProblemError("too-many-requests", { detail, retryAfterSeconds });
    this.#running.set(accountId, own + 1);
    this.#together += 1;
    return () => this.#leave(accountId);
  }

  #leave(accountId: string): void {
    const own = (this.#running.get(accountId) ?? 1) - 1;
    if (own === 0) this.#running.delete(accountId);
    else this.#running.set(accountId, own);
    this.#together -= 1;
  }
}
