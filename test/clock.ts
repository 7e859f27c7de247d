import type { Clock } from "../src/context.ts";

export type TestClock = Clock & {
  /** Moves the clock; PostgreSQL's comparisons move with it. */
  advance(ms: number): void;
  /** Ours is behind PostgreSQL's by this much, ms. */
  behindDatabaseMs: number;
  /** Stands still from now on, but for `advance`. */
  freeze(): void;
};

/** The real time plus whatever the test moved it by. */
export function startClock(): TestClock {
  let shiftMs = 0;
  let frozenAtMs: number | null = null;
  const nowMs = () => (frozenAtMs ?? Date.now()) + shiftMs;
  const clock: TestClock = {
    now: () => new Date(nowMs()),
    behindDatabaseMs: 0,
    get databaseShiftMs() {
      return nowMs() - Date.now() + clock.behindDatabaseMs;
    },
    advance: (ms) => {
      shiftMs += ms;
    },
    freeze: () => {
      frozenAtMs = Date.now();
    },
  };
  return clock;
}
