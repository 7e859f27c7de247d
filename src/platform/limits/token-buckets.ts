export type BucketLimit = {
  /** Requests that may come at once. */
  burst: number;
  /** Requests a second in the long run. */
  perSecond: number;
};

/** Keys remembered; beyond it the fullest are forgotten first, which is the same as never seen. */
const MAX_KEYS = 100_000;

/**
 * Token buckets in this process, one for each key. Kept as the time at which a bucket would be full
 * again (GCRA), so that a bucket is one number and a full one needs no memory.
 */
export class TokenBuckets {
  readonly #limit: BucketLimit;
  readonly #fullAtMs = new Map<string, number>();

  constructor(limit: BucketLimit) {
    this.#limit = limit;
  }

  /** Takes one token. @returns 0, or how long to wait until there is one, ms; then none was taken. */
  take(key: string, nowMs: number): number {
    const waitMs = this.waitMs(key, nowMs);
    if (waitMs > 0) return waitMs;
    const perTokenMs = 1000 / this.#limit.perSecond;
    const fullAt = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs);
    if (this.#fullAtMs.size >= MAX_KEYS && !this.#fullAtMs.has(key)) this.#forget(nowMs);
    this.#fullAtMs.set(key, fullAt + perTokenMs);
    return 0;
  }

  /** No bucket was ever taken from, or all are full again and forgotten. */
  get isUnused(): boolean {
    return this.#fullAtMs.size === 0;
  }

  /** How long until there is a token, ms; takes none. */
  waitMs(key: string, nowMs: number): number {
    const perTokenMs = 1000 / this.#limit.perSecond;
    const fullAt = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs);
    return Math.max(0, fullAt + perTokenMs - nowMs - this.#limit.burst * perTokenMs);
  }

  /** Drops full buckets; when none is full, the oldest half, so that memory stays bounded under a flood. */
  #forget(nowMs: number): void {
    for (const [key, fullAt] of this.#fullAtMs) if (fullAt <= nowMs) this.#fullAtMs.delete(key);
    if (this.#fullAtMs.size < MAX_KEYS) return;
    let surplus = MAX_KEYS / 2;
    for (const key of this.#fullAtMs.keys()) {
      if (surplus-- <= 0) return;
      this.#fullAtMs.delete(key);
    }
  }
}
