import { decodeBatchLeaf, verdicts, type BatchLeaf } from "../../contract/proofs/commitment.ts";
import type { BatchRow } from "../entries/batch.ts";
import { BatchCommitter } from "../sequencer/commit-batch.ts";
import { hashesOf, openParts, type BatchSecret, type OpenedPart } from "./openings.ts";

/** A batch's leaf in the log, and what opens it. */
export type Leaf = BatchSecret & { epoch: number; index: number; leaf: Buffer };

/** What a leaf of a batch says in public. */
export function saidBy({ leaf }: Pick<Leaf, "leaf">): BatchLeaf {
  const said = decodeBatchLeaf(leaf);
  if (said === null) throw new Error("the leaf of a batch is one of ours");
  return said;
}

export type OpenedLeaf = {
  head: OpenedPart & { salt: Uint8Array };
  /** The parts of an entry by its position, where they were wanted. */
  entry(position: number): readonly OpenedPart[];
  /** Hashes of the leaves of the batch's tree: its head, then its entries. */
  hashes: Uint8Array[];
};

/** @param positions of the entries whose parts are wanted. */
export function openLeaf(
  batch: BatchRow,
  leaf: Omit<Leaf, "epoch">,
  positions: readonly number[],
  committer: BatchCommitter = new BatchCommitter(),
): OpenedLeaf {
  const wanted = new Set([0, ...positions.map((position) => position + 1)]);
  const opened = openParts(batch, leaf, (at) => wanted.has(at));
  const head = opened?.[0]?.[0];
  if (opened === null || head === undefined || head.salt === null)
    throw new Error("nothing is left that opens a batch on record");
  return {
    head: { ...head, salt: head.salt },
    entry: (position) => opened[position + 1] ?? [],
    hashes:
      leaf.seed === null
        ? hashesOf(opened)
        : hashesBySeed(batch, { ...leaf, seed: leaf.seed }, committer),
  };
}

/** Of a whole batch the sequencer's own way is a good deal quicker. */
function hashesBySeed(
  batch: BatchRow,
  leaf: { leaf: Buffer; seed: Buffer },
  committer: BatchCommitter,
): Uint8Array[] {
  const isAltered = saidBy(leaf).verdict !== verdicts.asWritten;
  return committer
    .leavesOf(batch, leaf.seed, { isAltered })
    .map((text) => Buffer.from(text, "binary"));
}
