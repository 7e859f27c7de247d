import type { Entry } from "./entry.ts";

/** Of equal tries in a minute this many are on record one by one; the rest as one entry with their count. */
const SINGLES_PER_MINUTE = 5;
const MINUTE_MS = 60_000;
/** Kinds of tries counted at once; an attacker who varies them beyond it is counted together. */
const MAX_KINDS = 1_000;

type Kind = { since: number; seen: number; last: Entry };

/**
 * Keeps a flood of strangers' tries, or of a limiter's refusals, from filling the log: what repeats
 * is counted per minute. Counts that wait are lost when the process is killed, never longer than a minute.
 */
export class EntryFold {
  readonly #kinds = new Map<string, Kind>();

  /** Whether this entry goes on record by itself; otherwise it is counted. */
  admit(key: string, entry: Entry): boolean {
    const now = entry.at.getTime();
    const name = this.#kinds.has(key) || this.#kinds.size < MAX_KINDS ? key : "others";
    const kind = this.#kinds.get(name);
    if (kind === undefined) {
      this.#kinds.set(name, { since: now, seen: 1, last: entry });
      return true;
    }
    kind.seen += 1;
    kind.last = entry;
    return kind.seen <= SINGLES_PER_MINUTE;
  }

  /** Entries for what was counted in minutes that have passed; all of it when `now` is Infinity. */
  takeCounted(now: number): Entry[] {
    const counted: Entry[] = [];
    for (const [key, kind] of this.#kinds) {
      if (now - kind.since < MINUTE_MS) continue;
      this.#kinds.delete(key);
      const count = kind.seen - SINGLES_PER_MINUTE;
      if (count > 0) counted.push({ ...kind.last, count });
    }
    return counted;
  }
}
