import type { Alike } from "./alike.ts";

export const HOUR_MS = 3_600_000;

/** Time from the opening of a share to its closing, ms: so often are counts written under load. */
const CLOSE_AFTER_MS = 5_000;
/** Kinds of entries counted in one share; beyond it memory is spared, and the share's batches are read instead. */
const MAX_KINDS = 50_000;

export type Count = { count: number; lastAtMs: number };

/** An entry by what it is counted under; `count` where it stands for several. */
export type CountedEntry = { alike: Alike; count?: number | undefined };

/** What was committed under the numbers after one and through another, counted by hour and kind. */
export class Share {
  readonly after: number;
  through = Number.POSITIVE_INFINITY;
  /** Batches counted, empty ones not among them. Another number on record, and the share proves nothing. */
  batches = 0;
  /** False: too many kinds to be counted in memory. */
  isWhole = true;
  readonly hours = new Map<number, Map<Alike, Count>>();
  readonly openedAtMs = performance.now();
  #kinds = 0;

  constructor(after: number) {
    this.after = after;
  }

  add(atMs: number, entries: readonly CountedEntry[]): void {
    this.batches += 1;
    if (!this.isWhole) return;
    const hour = this.#hourOf(atMs);
    for (const { alike, count = 1 } of entries) {
      const known = hour.get(alike);
      if (known === undefined) {
        hour.set(alike, { count, lastAtMs: atMs });
        this.#kinds += 1;
        continue;
      }
      known.count += count;
      if (atMs > known.lastAtMs) known.lastAtMs = atMs;
    }
    if (this.#kinds > MAX_KINDS) {
      this.isWhole = false;
      this.hours.clear();
    }
  }

  #hourOf(atMs: number): Map<Alike, Count> {
    const start = atMs - (atMs % HOUR_MS);
    const known = this.hours.get(start);
    if (known !== undefined) return known;
    const hour = new Map<Alike, Count>();
    this.hours.set(start, hour);
    return hour;
  }
}

/**
 * Counts what this process's writer has committed, so that the filer need not read it back: opening a
 * batch costs as much as making its answers did. A batch is counted once its commit is known. Whatever
 * else stands under the numbers of a share shows as a batch more than were counted, and then the filer
 * reads all of them.
 */
export class WriterCounts {
  #open = new Share(0);
  #closed: Share | null = null;
  #isWanted = false;

  /** Notes a batch of which it is known that it was committed. */
  add({ number, at }: { number: number; at: Date }, entries: readonly CountedEntry[]): void {
    if (number > this.#open.after) this.#open.add(at.getTime(), entries);
    else if (this.#closed !== null && number > this.#closed.after)
      this.#closed.add(at.getTime(), entries);
  }

  /** Somebody reads counts: what there is is written with the filer's next round. */
  want(): void {
    this.#isWanted = true;
  }

  /**
   * The share to be written, or null when none is due. It is forgotten when it is in the tables, so a
   * round that was rolled back is given it again.
   *
   * @param counted the number through which counts are in the tables.
   * @param last the last number handed out.
   */
  due(counted: number, last: number): Share | null {
    if (this.#closed !== null && this.#closed.through <= counted) this.#closed = null;
    const isTime = this.#isWanted || performance.now() - this.#open.openedAtMs >= CLOSE_AFTER_MS;
    if (this.#closed === null && last > this.#open.after && isTime) {
      this.#isWanted = false;
      this.#open.through = last;
      this.#closed = this.#open;
      this.#open = new Share(last);
    }
    return this.#closed;
  }
}
