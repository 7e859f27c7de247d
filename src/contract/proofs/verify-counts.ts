import type { CountInMap, MapProof } from "../record/counts.ts";
import type { BatchProof } from "../record/proofs.ts";
import { areEqual, fromBase64, utf8 } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { commitTo, encodeBatchLeaf, entryLeaf, partKinds } from "./commitment.ts";
import {
  bucketOf,
  BUCKETS,
  commitmentIn,
  commitToCount,
  decodeBucket,
  encodeMapLeaf,
  hashBucket,
  hashFrom,
  tagOf,
  type Count,
  type CountRecord,
} from "./count-map.ts";
import { hashLeaf, isIncluded, rootByPath, type Sha256 } from "./merkle.ts";
import type { ProvenEntry } from "./verify-entry.ts";
import { LogFault } from "./verify-log.ts";

/** A map that the log committed to: leaves before `covered` are counted in it. */
export type ProvenMap = { index: number; covered: number; root: Uint8Array };

/** @throws {LogFault} where the map is not one that the log committed to before it was signed. */
export function openMap(sha256: Sha256, checkpoint: Checkpoint, map: MapProof): ProvenMap {
  const { index, covered } = map;
  const root = hashOf(map.root);
  if (!isWhole(index) || !isWhole(covered) || covered > index) throw unreadable();
  const leaf = { index, hash: hashLeaf(sha256, encodeMapLeaf({ covered, root })) };
  if (!isIncluded(sha256, leaf, checkpoint, map.path.map(hashOf)))
    throw new LogFault("The counts are not those that were signed.", index);
  return { index, covered, root };
}

/**
 * A subject's count in a map, or null where it has none.
 *
 * @throws {LogFault} where the map says something else.
 */
export function openCount(
  sha256: Sha256,
  map: Pick<ProvenMap, "root">,
  { subject, salt, count }: { subject: string; salt: string; count: CountInMap },
): Count | null {
  const tag = tagOf(sha256, hashOf(salt), subject);
  const { bytes, records } = bucketIn(count);
  const leaf = { index: bucketOf(tag), hash: hashBucket(sha256, bytes) };
  const tree = { size: BUCKETS, root: map.root };
  if (!isIncluded(sha256, leaf, tree, count.path.map(hashOf)))
    throw new LogFault(`The count of ${subject} does not stand where it should.`);
  const found = commitmentIn(records, tag);
  const value = valueIn(count);
  if (value === null) {
    if (found !== null) throw new LogFault(`${subject} is said to have no entries, and has some.`);
    return null;
  }
  if (found === null || !areEqual(found, commitToCount(sha256, hashOf(value.salt), value)))
    throw new LogFault(`The count of ${subject} is not the one that was signed.`);
  return { count: value.count, last: value.last };
}

function bucketIn({ bucket }: CountInMap): { bytes: Uint8Array; records: CountRecord[] } {
  const bytes = fromBase64(bucket);
  const records = bytes === null ? null : decodeBucket(bytes);
  if (bytes === null || records === null) throw unreadable();
  return { bytes, records };
}

function valueIn({ value }: CountInMap): CountInMap["value"] {
  if (value !== null && !(isWhole(value.count) && isWhole(value.last))) throw unreadable();
  return value;
}

/** What a batch's head says: which one it is, and when it was written. */
export type ProvenBatch = { leaf: number; head: ProvenEntry["head"] };

/** @throws {LogFault} where no such batch stands there. */
export function openBatch(
  sha256: Sha256,
  checkpoint: Checkpoint,
  { leaf, head }: BatchProof,
): ProvenBatch {
  const { index, verdict, count } = leaf;
  const kind = partKinds.h;
  const bytes = utf8(head.text);
  const commitment = commitTo(sha256, { kind, salt: hashOf(head.salt), bytes });
  const hash = hashLeaf(sha256, entryLeaf([{ kind, commitment }]));
  const root = rootByPath(sha256, { index: 0, hash }, count + 1, head.path.map(hashOf));
  if (root === null) throw new LogFault("A batch's head does not lead to its batch.", index);
  const found = { index, hash: hashLeaf(sha256, encodeBatchLeaf({ verdict, count, root })) };
  if (!isIncluded(sha256, found, checkpoint, leaf.path.map(hashOf)))
    throw new LogFault(`The batch at leaf ${index} is not the one that was signed.`, index);
  return { leaf: index, head: JSON.parse(head.text) as ProvenEntry["head"] };
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const unreadable = (): LogFault => new LogFault("The proof can't be read.");

function hashOf(text: string): Uint8Array {
  const bytes = hashFrom(text);
  if (bytes === null) throw unreadable();
  return bytes;
}
