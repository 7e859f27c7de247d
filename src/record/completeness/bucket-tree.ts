import { BUCKETS, hashBucket } from "../../contract/proofs/count-map.ts";
import { hashNode } from "../../contract/proofs/merkle.ts";
import { sha256 } from "../sequencer/log-tree.ts";

const LEVELS = Math.log2(BUCKETS);

/** Of each level the hash where there is nothing below. */
const EMPTY = [hashBucket(sha256, new Uint8Array(0))];
for (let level = 0; level < LEVELS; level++)
  EMPTY.push(hashNode(sha256, EMPTY[level] as Uint8Array, EMPTY[level] as Uint8Array));

/** The tree over a map's buckets, all of its hashes: 256 KiB. */
export class BucketTree {
  /** From the buckets up to the root. */
  readonly #levels: Uint8Array[][];

  /** @param hashes of the buckets that are not empty */
  constructor(hashes: ReadonlyMap<number, Uint8Array> = new Map()) {
    this.#levels = EMPTY.map((hash, level) => Array.from({ length: BUCKETS >> level }, () => hash));
    this.set(hashes);
  }

  /** Only the paths of the buckets that changed are hashed again. */
  set(changed: ReadonlyMap<number, Uint8Array>): void {
    let touched = new Set<number>();
    for (const [bucket, hash] of changed) {
      (this.#levels[0] as Uint8Array[])[bucket] = hash;
      touched.add(bucket >> 1);
    }
    for (let level = 1; level <= LEVELS; level++) {
      const [below, row] = [this.#levels[level - 1], this.#levels[level]] as Uint8Array[][];
      for (const index of touched) (row as Uint8Array[])[index] = hashPair(below ?? [], 2 * index);
      touched = new Set([...touched].map((index) => index >> 1));
    }
  }

  root(): Uint8Array {
    return this.#levels.at(-1)?.[0] as Uint8Array;
  }

  /** The bucket's sibling first. */
  path(bucket: number): Uint8Array[] {
    return Array.from(
      { length: LEVELS },
      (_, level) => this.#levels[level]?.[(bucket >> level) ^ 1] as Uint8Array,
    );
  }
}

const hashPair = (row: readonly Uint8Array[], left: number): Uint8Array =>
  hashNode(sha256, row[left] as Uint8Array, row[left + 1] as Uint8Array);
