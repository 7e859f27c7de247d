import { randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  bucketOf,
  commitToCount,
  encodeBucket,
  encodeMapLeaf,
  hashBucket,
  type Count,
} from "../../contract/proofs/count-map.ts";
import { hashLeaf } from "../../contract/proofs/merkle.ts";
import type { Tx } from "../../platform/db/db.ts";
import { readBatches } from "../search/batch-queries.ts";
import { LogTree, sha256 } from "../sequencer/log-tree.ts";
import {
  addLeaves,
  readEdge,
  readEpoch,
  waitForLog,
  type Epoch,
} from "../sequencer/sequence-queries.ts";
import type { SequencingServices } from "../sequencer/sequence-round.ts";
import { BucketTree } from "./bucket-tree.ts";
import { addBatch, type News } from "./counted-in.ts";
import { countSalt, subjectTag } from "./count-secrets.ts";
import {
  lockCounts,
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
/** Batches read, subjects hashed and buckets changed at a time: requests of this process go on in between. */
const BATCHES_AT_ONCE = 25;
const SUBJECTS_AT_ONCE = 500;
const BUCKETS_AT_ONCE = 32;

/** What a process remembers between rounds: the last map's tree, good only for that map. */
export class CountMemory {
  #kept: { epoch: number; covered: number; tree: BucketTree } | null = null;

  /** The tree of the last map; given away, so that a round that fails leaves nothing wrong behind. */
  async takeTree(tx: Tx, epoch: number, covered: number): Promise<BucketTree> {
    const kept = this.#kept;
    this.#kept = null;
    if (covered === 0) return new BucketTree();
    if (kept?.epoch === epoch && kept.covered === covered) return kept.tree;
    return new BucketTree(await readBucketHashes(tx, { epoch, covered }));
  }

  keep(epoch: number, covered: number, tree: BucketTree): void {
    this.#kept = { epoch, covered, tree };
  }
}

/**
 * Counts the batches that came into the log since the last map, and adds a leaf that commits to the counts of
 * everybody: in one transaction. It reads what is there, so it does not matter which process counted before, or
 * whether one died over it. The log goes on meanwhile: it is held only while the leaf is added.
 *
 * @param isDue true: now, also where the last map is young.
 * @returns whether there is more: the next round is due at once.
 * @throws {Error} when the log went on under another name meanwhile: nothing is counted.
 */
export async function countRound(
  services: SequencingServices,
  memory: CountMemory,
  { isDue = false } = {},
): Promise<{ hasMore: boolean }> {
  const counted = await services.db.transaction().execute(async (tx) => {
    if (!(await lockCounts(tx))) return null;
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
    return { ...(await addMap(tx, memory, { epoch, state, share: taken })), hasMore };
  });
  if (counted === null) return { hasMore: false };
  const { epoch, covered, tree, hasMore } = counted;
  memory.keep(epoch, covered, tree);
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
  memory: CountMemory,
  { epoch, state, share }: { epoch: Epoch; state: CountState; share: readonly CountedLeaf[] },
) {
  const news = await countBatches(tx, share);
  const seed = await takeSeed(tx, epoch.epoch, randomBytes(32));
  const covered = (share.at(-1)?.index ?? 0) + 1;
  const tree = await memory.takeTree(tx, epoch.epoch, state.covered);
  tree.set(await changeBuckets(tx, { epoch: epoch.epoch, covered, seed, news }));
  const root = Buffer.from(tree.root());
  const index = await addMapLeaf(tx, epoch.epoch, encodeMapLeaf({ covered, root }));
  await putMap(tx, { epoch: epoch.epoch, index, covered, root });
  return { epoch: epoch.epoch, covered, tree };
}

/** @returns the leaf's index. */
async function addMapLeaf(tx: Tx, life: number, leaf: Uint8Array): Promise<number> {
  await waitForLog(tx);
  const epoch = await readEpoch(tx);
  if (epoch?.epoch !== life) throw new Error("the log goes on under another name");
  const logTree = new LogTree(epoch.size, await readEdge(tx, epoch));
  const tiles = logTree.append([Buffer.from(hashLeaf(sha256, leaf))]);
  await addLeaves(tx, epoch, [{ leaf: Buffer.from(leaf), place: null, seed: null }], tiles);
  return epoch.size;
}

async function countBatches(tx: Tx, share: readonly CountedLeaf[]): Promise<News> {
  const news: News = new Map();
  for (let from = 0; from < share.length; from += BATCHES_AT_ONCE) {
    const some = share.slice(from, from + BATCHES_AT_ONCE);
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

type Change = Count & { tag: Buffer };
/** A map that is being made, in a life of the log. */
type NewMap = { epoch: number; covered: number; seed: Buffer };

/** Writes what is new. @returns the hashes of the buckets that it stands in. */
async function changeBuckets(
  tx: Tx,
  { news, ...map }: NewMap & { news: News },
): Promise<Map<number, Uint8Array>> {
  const changes = [...(await tagged(map.seed, news))];
  const hashes = new Map<number, Uint8Array>();
  for (let from = 0; from < changes.length; from += BUCKETS_AT_ONCE) {
    const some = new Map(changes.slice(from, from + BUCKETS_AT_ONCE));
    for (const [bucket, hash] of await changeSome(tx, map, some)) hashes.set(bucket, hash);
  }
  return hashes;
}

async function tagged(seed: Buffer, news: News): Promise<Map<number, Change[]>> {
  const byBucket = new Map<number, Change[]>();
  let done = 0;
  for (const [subject, count] of news) {
    const tag = subjectTag(seed, subject);
    const bucket = bucketOf(tag);
    const changes = byBucket.get(bucket);
    if (changes === undefined) byBucket.set(bucket, [{ tag, ...count }]);
    else changes.push({ tag, ...count });
    if (++done % SUBJECTS_AT_ONCE === 0) await nextTurn();
  }
  return byBucket;
}

async function changeSome(
  tx: Tx,
  { epoch, covered, seed }: NewMap,
  changes: ReadonlyMap<number, readonly Change[]>,
): Promise<Map<number, Uint8Array>> {
  const known = Map.groupBy(
    await readBuckets(tx, epoch, [...changes.keys()]),
    ({ bucket }) => bucket,
  );
  const changed: CountRow[] = [];
  const hashes = new Map<number, Uint8Array>();
  for (const [bucket, news] of changes) {
    const rows = new Map((known.get(bucket) ?? []).map((row) => [row.tag.toString("hex"), row]));
    for (const { tag, count, last } of news) {
      const before = rows.get(tag.toString("hex"));
      const row = {
        bucket,
        tag,
        map: covered,
        count: (before?.count ?? 0) + count,
        last: Math.max(before?.last ?? 0, last),
      };
      rows.set(tag.toString("hex"), row);
      changed.push(row);
    }
    const held = [...rows.values()].toSorted((one, other) => one.tag.compare(other.tag));
    hashes.set(bucket, hashBucket(sha256, encodeBucket(held.map((row) => recordOf(seed, row)))));
  }
  await putCounts(tx, epoch, changed);
  await putBuckets(tx, { epoch, covered }, hashes);
  return hashes;
}

/** A subject's place in its bucket. */
export const recordOf = (seed: Buffer, { tag, map, count, last }: CountRow) => ({
  tag,
  commitment: commitToCount(sha256, countSalt(seed, tag, map), { count, last }),
});
