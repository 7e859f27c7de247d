import type { ActionTable } from "./entry-class.ts";

export const recordActions = {
  /** A request that reached no route: unknown address, unreadable, or refused before it was known. */
  "request.made": "routine",
  /** An Idempotency-Key was sent again: answered as the first time, nothing done. */
  "request.replayed": "routine",
  "entry.listed": "routine",
  "entry.read": "routine",
  /** What it takes to check an entry without asking us again. */
  "entry.proof-read": "routine",
  /** How many entries the log counted of an organisation, with what proves it. */
  "entry.completeness-read": "routine",
  /** Counts of the log, by day, address and who called what. */
  "entry.summarised": "routine",
  /** The log as it grows; one entry when the stream opens. */
  "entry.followed": "routine",
  "entry.exported": "important",
  /** Entries whose period had ended are gone, by the system; how many, and of which leaves, stands in it. */
  "retention.carried-out": "important",
  /** What was about somebody who asked to be forgotten is gone; who it was does not stand in it. */
  "erasure.carried-out": "important",
  "saved-filter.listed": "routine",
  /** Filters are their owner's own bookmarks: making one changes nothing that is protected. */
  "saved-filter.created": "routine",
  "saved-filter.renamed": "routine",
  "saved-filter.deleted": "routine",
  "log-stream.listed": "routine",
  "log-stream.read": "routine",
  "log-stream.dead-letters-listed": "routine",
  "log-stream.created": "important",
  "log-stream.changed": "important",
  "log-stream.secret-rotated": "important",
  /** By somebody, or by its receiver, which wants no more (reason `gone`). */
  "log-stream.paused": "important",
  "log-stream.resumed": "important",
  "log-stream.replayed": "important",
  "log-stream.deleted": "important",
  "log-stream.tested": "important",
  "log-stream.dead-letters-retried": "important",
  /** The first entry that a receiver refused for good since the list of them was empty. */
  "log-stream.entry-set-aside": "important",
  /** Nothing came through for longer than its bound, and there is news. */
  "log-stream.fell-behind": "important",
  "log-stream.caught-up": "important",
} as const satisfies ActionTable;
