import { randomBytes } from "node:crypto";
import {
  bucketOf,
  commitToCount,
  encodeBucket,
  encodeMapLeaf,
  hashBucket,
} from "../../contract/proofs/count-map.ts";
import { hashLeaf } from "../../contract/proofs/merkle.ts";
import type { Tx } from "../../platform/db/db.ts";
import { readBatches } from "../search/batch-queries.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { addLeaves, lockLog, readEpoch, type Epoch } from "../sequencer/sequence-queries.ts";
import type { Memory, SequencingServices } from "../sequencer/sequence-round.ts";
import { BucketTree } from "./bucket-tree.ts";
import { addBatch, type News } from "./counted-in.ts";
import { countSalt, subjectTag } from "./count-secrets.ts";
import {
  putBuckets,
  putCounts,
  putMap,
  readBucketHashes,
  readBuckets,
  readCountState,
  readUncounted,
  takeSeed,
  type CountedLeaf,
  type CountRow,
  type CountState,
} from "./count-queries.ts";

/** While there is news, the log commits to the counts at least so often. */
const MAP_EVERY_SECONDS = 60;
/** Leaves counted in one round, and entries in them (the first batch is always counted, however large). */
const ROUND_LEAVES = 1_000;
const ROUND_ENTRIES = 20_000;
/** Batches read at a time: requests of this process go on in between. */
const AT_ONCE = 25;

/** What a process remembers between rounds: the last map's tree, good only for that map. */
export class CountMemory {
  #kept: { epoch: number; map: number; tree: BucketTree } | null = null;

  /** The tree of the last map; given away, so that a round that fails leaves nothing wrong behind. */
  async takeTree(tx: Tx, epoch: number, map: number | null): Promise<BucketTree> {
    const kept = this.#kept;
    this.#kept = null;
    if (map === null) return new BucketTree();
    if (kept?.epoch === epoch && kept.map === map) return kept.tree;
    return new BucketTree(await readBucketHashes(tx, { epoch, map }));
  }

  keep(epoch: number, map: number, tree: BucketTree): void {
    this.#kept = { epoch, map, tree };
  }
}

export type Memories = { log: Memory; counts: CountMemory };

/**
 * Counts the batches that came into the log since the last map, and adds a leaf that commits to the counts of
 * everybody: in one transaction, under the lock of whoever adds to the log. It reads what is there, so it does
 * not matter which process counted before, or whether one died over it.
 *
 * @param isDue true: now, also where the last map is young.
 * @returns whether there is more: the next round is due at once.
 */
export async function countRound(
  services: SequencingServices,
  memories: Memories,
  { isDue = false } = {},
): Promise<{ hasMore: boolean }> {
  const counted = await services.db.transaction().execute(async (tx) => {
    if (!(await lockLog(tx))) return null;
    const epoch = await readEpoch(tx);
    if (epoch === null) return null;
    const state = await readCountState(tx, epoch.epoch, MAP_EVERY_SECONDS);
    if (!isDue && !state.isDue && epoch.size - state.covered < ROUND_LEAVES) return null;
    const share = await readUncounted(tx, {
      epoch: epoch.epoch,
      from: state.covered,
      limit: ROUND_LEAVES,
    });
    if (share.length === 0) return null;
    const taken = withinRound(share);
    const hasMore = taken.length < share.length || share.length === ROUND_LEAVES;
    return { ...(await addMap(tx, memories, { epoch, state, share: taken })), hasMore };
  });
  if (counted === null) return { hasMore: false };
  const { epoch, map, logTree, tree, hasMore } = counted;
  memories.log.keep(epoch, logTree);
  memories.counts.keep(epoch, map, tree);
  return { hasMore };
}

function withinRound(leaves: readonly CountedLeaf[]): CountedLeaf[] {
  let entries = 0;
  return leaves.filter((leaf, index) => {
    const fits = index === 0 || entries + leaf.entries <= ROUND_ENTRIES;
    // One that does not fit ends the round: what comes after it must wait too.
    entries += fits ? leaf.entries : ROUND_ENTRIES;
    return fits;
  });
}

async function addMap(
  tx: Tx,
  memories: Memories,
  {
    epoch,
    state: { map },
    share,
  }: { epoch: Epoch; state: CountState; share: readonly CountedLeaf[] },
) {
  const news = await countBatches(tx, share);
  const seed = await takeSeed(tx, epoch.epoch, randomBytes(32));
  const index = epoch.size;
  const tree = await memories.counts.takeTree(tx, epoch.epoch, map);
  tree.set(await changeBuckets(tx, { epoch: epoch.epoch, index, seed, news }));
  const covered = (share.at(-1)?.index ?? 0) + 1;
  const root = Buffer.from(tree.root());
  const leaf = Buffer.from(encodeMapLeaf({ covered, root }));
  const logTree = await memories.log.takeTree(tx, epoch);
  const tiles = logTree.append([Buffer.from(hashLeaf(sha256, leaf))]);
  await addLeaves(tx, epoch, [{ leaf, place: null, seed: null }], tiles);
  await putMap(tx, { epoch: epoch.epoch, index, covered, root });
  return { epoch: epoch.epoch, map: index, logTree, tree };
}

async function countBatches(tx: Tx, share: readonly CountedLeaf[]): Promise<News> {
  const news: News = new Map();
  for (let from = 0; from < share.length; from += AT_ONCE) {
    const some = share.slice(from, from + AT_ONCE);
    const payloads = new Map(
      (await readBatches(tx, some)).map(({ writer, number, payload }) => [
        `${writer}-${number}`,
        payload,
      ]),
    );
    for (const { index, writer, number } of some) {
      const payload = payloads.get(`${writer}-${number}`);
      if (payload !== undefined) addBatch(news, payload, index);
    }
  }
  return news;
}

/** Writes what is new. @returns the hashes of the buckets that it stands in. */
async function changeBuckets(
  tx: Tx,
  { epoch, index, seed, news }: { epoch: number; index: number; seed: Buffer; news: News },
): Promise<Map<number, Uint8Array>> {
  const changed = [...news].map(([subject, count]) => {
    const tag = subjectTag(seed, subject);
    return { bucket: bucketOf(tag), tag, ...count };
  });
  const buckets = [...new Set(changed.map(({ bucket }) => bucket))];
  const known = new Map(
    (await readBuckets(tx, epoch, buckets)).map((row) => [row.tag.toString("hex"), row]),
  );
  const rows = changed.map(({ bucket, tag, count, last }): CountRow => {
    const before = known.get(tag.toString("hex"));
    return {
      bucket,
      tag,
      map: index,
      count: (before?.count ?? 0) + count,
      last: Math.max(before?.last ?? 0, last),
    };
  });
  if (rows.length === 0) return new Map();
  await putCounts(tx, epoch, rows);
  const hashes = new Map<number, Uint8Array>();
  const byBucket = Map.groupBy(await readBuckets(tx, epoch, buckets), ({ bucket }) => bucket);
  for (const [bucket, held] of byBucket)
    hashes.set(bucket, hashBucket(sha256, encodeBucket(held.map((row) => recordOf(seed, row)))));
  await putBuckets(tx, { epoch, map: index }, hashes);
  return hashes;
}

/** A subject's place in its bucket. */
export const recordOf = (seed: Buffer, { tag, map, count, last }: CountRow) => ({
  tag,
  commitment: commitToCount(sha256, countSalt(seed, tag, map), { count, last }),
});
