import type { BatchKey } from "./batch.ts";
import { dayOf } from "./batch.ts";

/**
 * Hands out a writer's batch numbers so that none stays missing: a number whose transaction rolled
 * back comes back here and is used for the next batch, or filled with an empty one. A number of which
 * nobody can tell yet is only ever filled: a batch under it could be lost to the one that may be there.
 */
export class BatchNumbers {
  readonly writer: number;
  #next = 1;
  readonly #returned: number[] = [];
  #open: BatchKey[] = [];
  readonly #onReturn: () => void;

  /** @param onReturn called when a number came back: somebody must use it soon. */
  constructor(writer: number, onReturn: () => void) {
    this.writer = writer;
    this.#onReturn = onReturn;
  }

  /** The key of a batch written at `at`. */
  take(at: Date): BatchKey {
    return { day: dayOf(at), writer: this.writer, number: this.#returned.shift() ?? this.#next++ };
  }

  /** Give back only what surely was not committed, and whose transaction is over. */
  giveBack(key: BatchKey): void {
    this.#returned.push(key.number);
    this.#onReturn();
  }

  /** Keys that may or may not be committed: to be filled under their own day, where nothing is. */
  leaveOpen(keys: readonly BatchKey[]): void {
    for (const { day, writer, number } of keys) this.#open.push({ day, writer, number });
    this.#onReturn();
  }

  /** All open keys; whoever takes them settles them or leaves them open again. */
  takeOpen(): BatchKey[] {
    const open = this.#open;
    this.#open = [];
    return open;
  }

  /** The last number handed out; 0 before the first. */
  get last(): number {
    return this.#next - 1;
  }

  get returnedCount(): number {
    return this.#returned.length;
  }

  get openCount(): number {
    return this.#open.length;
  }
}
