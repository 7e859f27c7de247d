import { parseCheckpoint, type Checkpoint } from "../../../src/contract/proofs/checkpoint.ts";
import { goesOnAs } from "../../../src/contract/proofs/lives.ts";
import { isConsistent, type Sha256 } from "../../../src/contract/proofs/merkle.ts";
import { parseNote } from "../../../src/contract/proofs/note.ts";
import { TileTree } from "../../../src/contract/proofs/tile-tree.ts";
import { tilePath } from "../../../src/contract/proofs/tiles.ts";

/*
 * The last signed head of the log that this browser has seen. Nothing in it is secret: it is what everybody may
 * read. It is what makes a log that forgets, or shows two people two histories, found out by any of its readers.
 */

const KEPT = "sallyport.log-head";

export type KeptHead = {
  /** The verifier key that signed it. */
  key: string;
  /** The checkpoint's text, without signatures. */
  text: string;
  /** When it was seen, ISO 8601. */
  seenAt: string;
};

/** Null where there is none, or the browser keeps nothing. */
export function readKeptHead(): KeptHead | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isKept(kept: unknown): kept is KeptHead {
  if (typeof kept !== "object" || kept === null) return false;
  const { key, text, seenAt } = kept as Record<string, unknown>;
  return [key, text, seenAt].every((value) => typeof value === "string");
}

export function keepHead(head: KeptHead): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(head));
  } catch {
    // A browser that keeps nothing checks each head by itself.
  }
}

/** What a head says against the one that was kept. */
export type Growth =
  | { kind: "first" }
  /** A former life of a log of which a later one is known. */
  | { kind: "former" }
  | { kind: "goes-on"; seenAt: string; size: number }
  /** A new name: after a restored database, with the operator's knowledge; it may also be another log. */
  | { kind: "renamed"; seenAt: string; name: string }
  | { kind: "other-key"; seenAt: string }
  /** Shorter than it was, or not what it was. */
  | { kind: "contradicts"; seenAt: string; size: number };

/**
 * Whether a log went on from what this browser saw of it.
 *
 * @param read gives a file of the log's present life by its path
 * @throws what `read` throws.
 */
export async function growthOf(
  sha256: Sha256,
  kept: KeptHead | null,
  now: { key: string; checkpoint: Checkpoint },
  read: (path: string) => Promise<Uint8Array>,
): Promise<Growth> {
  const before = kept === null ? null : parseCheckpoint(kept.text);
  if (kept === null || before === null) return { kind: "first" };
  const { seenAt } = kept;
  const { checkpoint } = now;
  if (before.origin !== checkpoint.origin && goesOnAs(checkpoint.origin, before.origin))
    return { kind: "former" };
  if (before.origin !== checkpoint.origin) return { kind: "renamed", seenAt, name: before.origin };
  if (kept.key !== now.key) return { kind: "other-key", seenAt };
  const { size } = before;
  if (size > checkpoint.size) return { kind: "contradicts", seenAt, size };
  const tree = new TileTree(sha256, checkpoint.size, (place) => read(tilePath(place)));
  const path = await tree.consistency(size);
  return isConsistent(sha256, before, checkpoint, path)
    ? { kind: "goes-on", seenAt, size }
    : { kind: "contradicts", seenAt, size };
}

/** The signed text of a checkpoint, which is what is kept. */
export const textOfCheckpoint = (checkpoint: string): string => parseNote(checkpoint)?.text ?? "";
