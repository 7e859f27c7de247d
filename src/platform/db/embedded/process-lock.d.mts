/** Start time in clock ticks, which tells a process from a later one with its pid; null when it is dead. */
export function processStamp(pid: number): string | null;

/** Takes the lock file at `path` (its folder exists), also from a dead holder; otherwise names the living one. */
export function tryProcessLock(
  path: string,
): { heldBy: null; release: () => void } | { heldBy: number };
