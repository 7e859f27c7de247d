import { setTimeout as delay } from "node:timers/promises";

/** A database that takes longer is as good as none, ms. */
const PATIENCE_MS = 2_000;

/** Whoever asked was not answered in time. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/** What `work` comes to, unless PostgreSQL keeps it waiting: a check that hangs tells nobody anything. @throws {TooLate} */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new TooLate("PostgreSQL does not answer in time");
  });
  late.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
