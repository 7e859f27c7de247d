/*
 * A bundle: many entries in one file, with all that it takes to check them without asking anybody. NDJSON, one of
 * these a line, in this order: `bundle`, then for each group of leaves `leaves` and for each of its batches
 * `batch` and its `entry` lines; `unproven` and `gaps` where there are any; `end`. docs/proofs.md tells it
 * for readers. Hashes and salts are base64 of 32 bytes.
 */

export const BUNDLE_FORMAT = "sallyport-bundle/v1";

/** A life of the log, with its head. */
export type BundledLog = {
  /** The key that its head is signed with, `name+id+key`: a name for it, no reason to trust it. */
  key: string;
  /** Signed, as it was published. */
  checkpoint: string;
  /** That the log goes on from an earlier head (RFC 6962 §2.1.2). */
  since?: { size: number; path: string[] };
};

export type BundleLine = {
  type: "bundle";
  format: typeof BUNDLE_FORMAT;
  madeAt: string;
  /** What was asked for; nothing here is proven. */
  asked: Record<string, string>;
  /** Oldest life first. */
  logs: BundledLog[];
};

/**
 * Leaves of one tile of the log, that is of the 256 from `tile * 256` on, in order; the log has fewer at its end.
 * `hidden` makes the tile's root with them (contract/proofs/cover.ts), `path` leads from there to the log's.
 */
export type LeavesLine = {
  type: "leaves";
  /** Which of the bundle's logs. */
  log: number;
  tile: number;
  leaves: { index: number; verdict: number; count: number; root: string }[];
  hidden: string[];
  path: string[];
};

/**
 * The batch of the next leaf. Its tree has the head at 0 and then its entries: `hashes` are those of the head and
 * of the entries at `positions`, `hidden` makes the root with them.
 */
export type BatchLine = {
  type: "batch";
  head: { salt: string; text: string };
  /** Ascending. */
  positions: number[];
  hashes: string[];
  hidden: string[];
};

export type BundledPart =
  | { kind: number; salt: string; text: string }
  /** Not this reader's to see, or erased since: then it says so. */
  | { kind: number; commitment: string; erased?: true };

/** The entry at the next of its batch's positions. */
export type EntryLine = { type: "entry"; id: string; parts: BundledPart[] };

/** Entries that were asked for, and that no signed head covers yet. */
export type UnprovenLine = { type: "unproven"; ids: string[] };

/** Numbers of batches that were missing when the log went past them, their process being gone. Not proven. */
export type GapsLine = { type: "gaps"; batches: { writer: number; number: number }[] };

/** A bundle without it is not whole. */
export type EndLine = { type: "end"; batches: number; entries: number; unproven: number };
