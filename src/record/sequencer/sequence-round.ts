import { randomBytes } from "node:crypto";
import { encodeBatchLeaf, verdicts } from "../../contract/proofs/commitment.ts";
import { hashLeaf } from "../../contract/proofs/merkle.ts";
import type { Services } from "../../context.ts";
import type { Db, Tx } from "../../platform/db/db.ts";
import { verifyBatch, type BatchRow } from "../entries/batch.ts";
import { readBatches, type BatchPlace } from "../search/batch-queries.ts";
import { BatchCommitter } from "./commit-batch.ts";
import { LogTree, sha256 } from "./log-tree.ts";
import {
  addLeaves,
  lockLog,
  readEdge,
  readEpoch,
  type Epoch,
  type NewLeaf,
} from "./sequence-queries.ts";
import { takeBatches } from "./take-batches.ts";

export type SequencingServices = Pick<Services, "keyRing" | "log"> & {
  /** As a role that may write the log's tables. */
  db: Db;
};

/** What a process remembers between rounds: the tree's edge, good only for the size it was left at. */
export class Memory {
  readonly committer = new BatchCommitter();
  #kept: { epoch: number; tree: LogTree } | null = null;

  /** The tree of the log as it is; given away, so that a round that fails leaves nothing wrong behind. */
  async takeTree(tx: Tx, { epoch, size }: Epoch): Promise<LogTree> {
    const kept = this.#kept;
    this.#kept = null;
    if (kept?.epoch === epoch && kept.tree.size === size) return kept.tree;
    return new LogTree(size, await readEdge(tx, { epoch, size }));
  }

  keep(epoch: number, tree: LogTree): void {
    this.#kept = { epoch, tree };
  }
}

/**
 * Gives the batches that were committed since the last round their leaves, in one transaction. Any number
 * of processes may try; one at a time does.
 *
 * @returns how many leaves were added, and whether there is more to do at once.
 */
export async function sequenceRound(
  services: SequencingServices,
  memory: Memory,
): Promise<{ added: number; hasMore: boolean }> {
  const grown = await services.db.transaction().execute(async (tx) => {
    if (!(await lockLog(tx))) return null;
    const epoch = await readEpoch(tx);
    if (epoch === null) return null; // settleEpoch begins it
    const { places, hasMore } = await takeBatches(tx);
    if (places.length === 0) return null;
    const leaves = await leavesOf(tx, services, { places, memory });
    const tree = await memory.takeTree(tx, epoch);
    const hashes = leaves.map(({ leaf }) => Buffer.from(hashLeaf(sha256, leaf)));
    await addLeaves(tx, epoch, leaves, tree.append(hashes));
    return { epoch: epoch.epoch, tree, added: leaves.length, hasMore };
  });
  if (grown === null) return { added: 0, hasMore: false };
  memory.keep(grown.epoch, grown.tree);
  return { added: grown.added, hasMore: grown.hasMore };
}

/** Batches read and committed to at a time: requests of this process go on in between. */
const AT_ONCE = 25;

async function leavesOf(
  tx: Tx,
  services: SequencingServices,
  { places, memory }: { places: readonly BatchPlace[]; memory: Memory },
): Promise<NewLeaf[]> {
  const leaves: NewLeaf[] = [];
  for (let index = 0; index < places.length; index += AT_ONCE) {
    const some = places.slice(index, index + AT_ONCE);
    const read = await readBatches(tx, some);
    const byPlace = new Map(read.map((batch) => [`${batch.writer}-${batch.number}`, batch]));
    for (const place of some) {
      const batch = byPlace.get(`${place.writer}-${place.number}`);
      // Deleted between two statements of this transaction: by nobody with our roles.
      if (batch === undefined) throw new Error(`batch ${place.writer}-${place.number} is gone`);
      leaves.push(leafOf(services, batch, memory.committer));
    }
  }
  return leaves;
}

function leafOf(
  { keyRing, log }: SequencingServices,
  batch: BatchRow,
  committer: BatchCommitter,
): NewLeaf {
  const { day, writer, number, count } = batch;
  const isAltered = !verifyBatch(keyRing, batch);
  if (isAltered)
    log.error({ day, writer, number }, "a batch came into the log that is not as it was written");
  const seed = randomBytes(32);
  const leaf = encodeBatchLeaf({
    verdict: isAltered ? verdicts.altered : verdicts.asWritten,
    count,
    root: committer.rootOf(batch, seed, { isAltered }),
  });
  return { leaf: Buffer.from(leaf), place: { writer, number }, seed };
}
