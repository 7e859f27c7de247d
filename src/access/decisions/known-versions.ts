import { sql } from "kysely";
import type { Db } from "../../platform/db/db.ts";
import { SLOT_COUNT } from "../../platform/db/version-slots.ts";
import type { Fence } from "../../record/entries/write-batch.ts";

/**
 * The version slots as this process last read them. A fact is as new as the versions known when its
 * loading began: versions are read first and data after, so new data may stand under an old version
 * (the fence then only asks to look again), never the other way round.
 */
export class KnownVersions {
  readonly #versions: (string | undefined)[] = Array.from({ length: SLOT_COUNT });
  /** For each slot the epoch in which its version was last seen to change. */
  readonly #changedIn = new Float64Array(SLOT_COUNT);
  #epoch = 0;
  /** How far PostgreSQL's clock was seen ahead of ours, ms; an end that has passed there has passed. */
  databaseAheadMs = 0;

  /** Counts the times versions were read. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether nothing in these slots is known to have changed since `epoch`. */
  isCurrent(slots: readonly number[], epoch: number): boolean {
    for (let index = 0; index < slots.length; index++)
      if ((this.#changedIn[slots[index] as number] as number) > epoch) return false;
    return true;
  }

  /** What a batch must still find, to be written, when its answers relied on these slots. */
  fence(slots: readonly number[], endsAtMs: number): Fence {
    const versions: string[] = [];
    for (let index = 0; index < slots.length; index++)
      versions.push(this.#versions[slots[index] as number] ?? "0");
    return { slots, versions, endsAtMs };
  }

  /**
   * Reads the versions of these slots (all, when none are named) and notes which of them changed.
   *
   * @throws {Error} when a slot's row is missing: somebody tampered with the table, and nothing is decided.
   */
  async catchUp(
    db: Db,
    clock: { now(): Date; databaseShiftMs: number },
    slots?: readonly number[],
  ): Promise<void> {
    const wanted = slots ?? Array.from({ length: SLOT_COUNT }, (_, slot) => slot);
    const askedAt = clock.now().getTime();
    const { rows } = await sql<{ slot: number; version: string; now: Date }>`
      select slot, version, clock_timestamp() as now from version_slot where slot = any(${wanted}::int[])`.execute(
      db,
    );
    if (rows.length !== new Set(wanted).size) throw new Error("a version slot is missing");
    this.#epoch += 1;
    for (const { slot, version } of rows) {
      if (this.#versions[slot] === version) continue;
      this.#versions[slot] = version;
      this.#changedIn[slot] = this.#epoch;
    }
    const [first] = rows;
    if (first !== undefined)
      this.databaseAheadMs = Math.max(0, first.now.getTime() + clock.databaseShiftMs - askedAt);
  }
}
