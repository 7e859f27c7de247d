import { areEqual, concat, fromBase64, u64, utf8 } from "./bytes.ts";
import { commitTo } from "./commitment.ts";
import { HASH_BYTES, hashLeaf, type Sha256 } from "./merkle.ts";

/*
 * How many entries there are of whom, hidden. A map has 4,096 buckets; each is a leaf of a tree as RFC 6962 has
 * it, and holds the counts whose tags begin with its number, by tag: 32 bytes of tag, 32 of commitment.
 * Both are blinded, so a map's root says of nobody whether they are in it. Whoever is shown one count is shown its
 * whole bucket: what is not in there is in no other.
 */

export const BUCKETS = 4_096;
const BUCKET_SHIFT = 4;
const RECORD_BYTES = 2 * HASH_BYTES;

/** Kinds of commitments beside those of parts (contract/proofs/commitment.ts). */
const SUBJECT = 7;
const COUNT = 8;

/** What is counted. Names are permanent: another name is another count. */
export const countSubjects = {
  /** Every entry of an organisation. */
  organisation: (organisationId: string): string => `organisation:${organisationId}`,
  /** Every entry about an app. */
  app: (appId: string): string => `app:${appId}`,
  /** What an account did in an organisation and was not refused. */
  actsIn: (organisationId: string, accountId: string): string =>
    `organisation:${organisationId} account:${accountId}`,
  /** What an account did at an app and was not refused. */
  actsAt: (appId: string, accountId: string): string => `app:${appId} account:${accountId}`,
} as const;

/** How many entries, and the leaf of the log in which the last of them stands. */
export type Count = { count: number; last: number };

/** Stands for a subject in all maps of one life of the log. @param salt 32 bytes, this subject's alone */
export const tagOf = (sha256: Sha256, salt: Uint8Array, subject: string): Uint8Array =>
  commitTo(sha256, { kind: SUBJECT, salt, bytes: utf8(subject) });

export const bucketOf = (tag: Uint8Array): number =>
  ((tag[0] ?? 0) << BUCKET_SHIFT) | ((tag[1] ?? 0) >> BUCKET_SHIFT);

/** @param salt 32 bytes, of this subject in this map alone */
export const commitToCount = (
  sha256: Sha256,
  salt: Uint8Array,
  { count, last }: Count,
): Uint8Array => commitTo(sha256, { kind: COUNT, salt, bytes: concat(u64(count), u64(last)) });

export type CountRecord = { tag: Uint8Array; commitment: Uint8Array };

/** @param records by tag, ascending */
export const encodeBucket = (records: readonly CountRecord[]): Uint8Array =>
  concat(...records.flatMap(({ tag, commitment }) => [tag, commitment]));

export const hashBucket = (sha256: Sha256, bucket: Uint8Array): Uint8Array =>
  hashLeaf(sha256, bucket);

/** Null for what is no bucket: tags that repeat or are out of order would let one subject have two counts. */
export function decodeBucket(bucket: Uint8Array): CountRecord[] | null {
  if (bucket.length % RECORD_BYTES !== 0) return null;
  const records = Array.from({ length: bucket.length / RECORD_BYTES }, (_, index) => {
    const at = index * RECORD_BYTES;
    return {
      tag: bucket.slice(at, at + HASH_BYTES),
      commitment: bucket.slice(at + HASH_BYTES, at + RECORD_BYTES),
    };
  });
  const isSorted = records.every(
    ({ tag }, index) => index === 0 || compareBytes(records[index - 1]?.tag ?? tag, tag) < 0,
  );
  return isSorted ? records : null;
}

/** As PostgreSQL orders bytea. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  for (const [index, byte] of one.entries()) {
    const difference = byte - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** The commitment that a bucket holds for a tag; null where it holds none. */
export const commitmentIn = (records: readonly CountRecord[], tag: Uint8Array): Uint8Array | null =>
  records.find((record) => areEqual(record.tag, tag))?.commitment ?? null;

const MAP_LEAF = 0x04;

export type MapLeaf = {
  /** Leaves of the log before this one are counted. */
  covered: number;
  /** Over the buckets. */
  root: Uint8Array;
};

/** A leaf of the public log: nothing of anybody. */
export const encodeMapLeaf = ({ covered, root }: MapLeaf): Uint8Array =>
  concat(Uint8Array.of(MAP_LEAF), u64(covered), root);

/** 32 bytes from their text; null for anything else. */
export function hashFrom(text: string): Uint8Array | null {
  const bytes = fromBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : null;
}
