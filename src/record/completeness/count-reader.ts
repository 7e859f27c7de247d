import { areEqual, toBase64 } from "../../contract/proofs/bytes.ts";
import { bucketOf, encodeBucket, type Count } from "../../contract/proofs/count-map.ts";
import { TileTree } from "../../contract/proofs/tile-tree.ts";
import type { CountInMap, MapProof } from "../../contract/record/counts.ts";
import type { Db } from "../../platform/db/db.ts";
import { readPublished, type PublishedLog } from "../proofs/public-log-queries.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { tileReader } from "../sequencer/read-tile.ts";
import { BucketTree } from "./bucket-tree.ts";
import { readBucketHashes, readBucketIn, readSeed, type StoredMap } from "./count-queries.ts";
import { recordOf } from "./count-round.ts";
import { countSalt, subjectSalt, subjectTag } from "./count-secrets.ts";

/** A subject's count in one map, and what proves it. */
export type FoundCount = { count: Count | null; proof: CountInMap };

/**
 * The counts of one life of the log, as its published checkpoint covers them. Everything that it gives leads
 * to that one checkpoint.
 */
export class CountReader {
  readonly log: PublishedLog;
  /** Of the log, at the checkpoint's size. */
  readonly tree: TileTree;
  readonly #db: Db;
  readonly #seed: Buffer;
  readonly #maps = new Map<number, Promise<BucketTree>>();

  /** Null where nothing is published, or nothing counted, of this life. @param epoch null: the present one */
  static async open(db: Db, epoch: number | null): Promise<CountReader | null> {
    const log = await readPublished(db, epoch);
    const seed = log === null ? null : await readSeed(db, log.epoch);
    return log === null || seed === null ? null : new CountReader(db, log, seed);
  }

  private constructor(db: Db, log: PublishedLog, seed: Buffer) {
    this.#db = db;
    this.log = log;
    this.#seed = seed;
    this.tree = new TileTree(sha256, log.size, tileReader(db, log.epoch));
  }

  /** What shows whose tag it is; the same in every proof. */
  saltOf(subject: string): string {
    return toBase64(subjectSalt(this.#seed, subject));
  }

  /** That the log committed to a map. @param map one that the checkpoint covers */
  async proveMap({ index, covered, root }: StoredMap): Promise<MapProof> {
    const path = await this.tree.inclusion(index);
    return { index, covered, root: toBase64(root), path: path.map(toBase64) };
  }

  /** @throws {Error} where what is kept of a map is not what the log committed to */
  async count(map: StoredMap, subject: string): Promise<FoundCount> {
    const tag = subjectTag(this.#seed, subject);
    const bucket = bucketOf(tag);
    const tree = await this.#treeOf(map);
    const rows = await readBucketIn(this.#db, { ...map, bucket });
    const row = rows.find((held) => held.tag.equals(tag));
    const proof = {
      bucket: toBase64(encodeBucket(rows.map((held) => recordOf(this.#seed, held)))),
      path: tree.path(bucket).map(toBase64),
    };
    if (row === undefined) return { count: null, proof: { ...proof, value: null } };
    const { count, last } = row;
    const salt = toBase64(countSalt(this.#seed, tag, row.map));
    return { count: { count, last }, proof: { ...proof, value: { count, last, salt } } };
  }

  #treeOf(map: StoredMap): Promise<BucketTree> {
    const known = this.#maps.get(map.index);
    if (known !== undefined) return known;
    const tree = this.#readTree(map);
    this.#maps.set(map.index, tree);
    return tree;
  }

  async #readTree({ epoch, index, covered, root }: StoredMap): Promise<BucketTree> {
    const tree = new BucketTree(await readBucketHashes(this.#db, { epoch, covered }));
    if (!areEqual(tree.root(), root)) throw new Error(`map ${index} is not what the log says`);
    return tree;
  }
}
