/** Too many wait already. The caller answers 503 or 429 with Retry-After; nothing was started. */
export class WorkQueueFullError extends Error {
  override readonly name = "WorkQueueFullError";
}

/** Lets a bounded number of expensive tasks run, and a bounded number wait for it. */
export type WorkGate = {
  /**
   * Runs the task when its turn comes, in order of arrival; `isAhead` before all that are not. Those that are wait in
   * a queue of their own, so that a flood of others neither delays nor refuses them.
   *
   * @throws {WorkQueueFullError} at once when `maxQueued` tasks are waiting in its queue.
   */
  run<T>(task: () => Promise<T>, turn?: { isAhead?: boolean }): Promise<T>;
  /** Tasks running now. */
  readonly running: number;
  /** Tasks waiting now. */
  readonly queued: number;
};

/** At most `parallel` tasks at once, at most `maxQueued` waiting in each queue. A task that fails makes room like any other. */
export function createWorkGate({
  parallel,
  maxQueued,
}: {
  parallel: number;
  maxQueued: number;
}): WorkGate {
  const waiting: (() => void)[] = [];
  const ahead: (() => void)[] = [];
  let running = 0;

  async function enter(queue: (() => void)[]): Promise<void> {
    if (running < parallel) {
      running += 1;
      return;
    }
    if (queue.length >= maxQueued) throw new WorkQueueFullError("too many tasks are waiting");
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  function leave(): void {
    const next = ahead.shift() ?? waiting.shift();
    if (next === undefined) running -= 1;
    else next(); // the place is handed on, so that a newcomer cannot overtake
  }

  return {
    async run(task, { isAhead = false } = {}) {
      await enter(isAhead ? ahead : waiting);
      try {
        return await task();
      } finally {
        leave();
      }
    },
    get running() {
      return running;
    },
    get queued() {
      return waiting.length + ahead.length;
    },
  };
}
