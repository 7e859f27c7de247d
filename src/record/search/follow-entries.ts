import type { StreamEvents } from "../../contract/record/entries.ts";
import type { Context } from "../../context.ts";
import { liveEvent, liveEvents } from "../../platform/http/live-events.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { presentEntries } from "./present-entries.ts";
import { readPage } from "./read-page.ts";
import type { VisibleEntry } from "./visible-entry.ts";

/** Entries brought at once; whoever gets more in a second reads them as a list. */
const MAX_AT_ONCE = 50;
/** Processes' clocks and commits differ by less: entries of the past that are looked at again, ms. */
const OVERLAP_MS = 15_000;

export type FollowOptions = {
  filter: EntryFilter;
  sinceMs: number;
  /** Ends the stream: the server stops, or nobody listens. */
  signal: AbortSignal;
  /** @throws when the caller's credential is no longer good. */
  recheck: () => Promise<void>;
};

/**
 * The log as it grows, as server-sent events (HTML Standard §9.2). Who may see what is asked anew each
 * second; what was the caller's and is no longer is not brought.
 */
export function followEntries(ctx: Context, options: FollowOptions): AsyncGenerator<string> {
  const sent = new Sent(options.sinceMs);
  return liveEvents({
    look: async () => await lookOnce(ctx, options, sent),
    signal: options.signal,
    log: ctx.log,
  });
}

async function lookOnce(
  ctx: Context,
  { filter, recheck }: FollowOptions,
  sent: Sent,
): Promise<string> {
  await recheck();
  const page = await readPage(ctx, {
    scope: await ctx.ports.entryScope(ctx),
    filter: { ...filter, fromMs: sent.fromMs },
    limit: MAX_AT_ONCE,
  });
  const fresh = sent.take(page.entries);
  if (fresh.length === 0) return "";
  const entries = await presentEntries(ctx.db, fresh);
  const hasMore = page.next !== null && fresh.length === page.entries.length;
  return event("entries", { entries }) + (hasMore ? event("more", {}) : "");
}

/** Which entries were brought already. */
class Sent {
  #newestMs: number;
  readonly #sinceMs: number;
  #ids = new Map<string, number>();

  constructor(sinceMs: number) {
    this.#sinceMs = sinceMs;
    this.#newestMs = sinceMs;
  }

  get fromMs(): number {
    return Math.max(this.#sinceMs, this.#newestMs - OVERLAP_MS);
  }

  /** @returns those that are new, which count as brought from now on. */
  take(entries: readonly VisibleEntry[]): VisibleEntry[] {
    const fresh = entries.filter(({ id }) => !this.#ids.has(id));
    for (const { id, place } of fresh) {
      this.#ids.set(id, place.atMs);
      this.#newestMs = Math.max(this.#newestMs, place.atMs);
    }
    const { fromMs } = this;
    this.#ids = new Map([...this.#ids].filter(([, atMs]) => atMs >= fromMs));
    return fresh;
  }
}

const event: <Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]) => string =
  liveEvent;
