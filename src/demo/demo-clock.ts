import type { Clock } from "../context.ts";

/** A clock that the demo's weeks pass by: the real time, moved back. PostgreSQL's comparisons move with it. */
export class DemoClock implements Clock {
  #shiftMs = 0;

  now = (): Date => new Date(Date.now() + this.#shiftMs);

  get databaseShiftMs(): number {
    return this.#shiftMs;
  }

  /** Back to where the story begins; before anything is on record. */
  startAt(atMs: number): void {
    this.#shiftMs = atMs - Date.now();
  }

  /** Forward to an instant, never back and never into the future: the record is in the order of its times. */
  moveTo(atMs: number): void {
    this.#shiftMs = Math.min(0, Math.max(this.#shiftMs, atMs - Date.now()));
  }
}
