import { hash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { concat, toBase64 } from "../../src/contract/proofs/bytes.ts";
import {
  bucketOf,
  BUCKETS,
  commitToCount,
  compareBytes,
  countSubjects,
  decodeBucket,
  encodeBucket,
  hashBucket,
  tagOf,
} from "../../src/contract/proofs/count-map.ts";
import { inclusionPath, rootOf } from "../../src/contract/proofs/merkle.ts";
import { openCount } from "../../src/contract/proofs/verify-counts.ts";
import { LogFault } from "../../src/contract/proofs/verify-log.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

/** A map with these subjects, made by the definition. */
function aMap(counts: Record<string, { count: number; last: number }>) {
  const held = Object.entries(counts).map(([subject, value]) => {
    const [salt, valueSalt] = [randomBytes(32), randomBytes(32)];
    const tag = tagOf(sha256, salt, subject);
    return {
      subject,
      value,
      salt,
      valueSalt,
      tag,
      commitment: commitToCount(sha256, valueSalt, value),
    };
  });
  const bucketBytes = (bucket: number) =>
    encodeBucket(
      held
        .filter(({ tag }) => bucketOf(tag) === bucket)
        .toSorted((one, other) => compareBytes(one.tag, other.tag)),
    );
  const hashes = Array.from({ length: BUCKETS }, (_, bucket) =>
    hashBucket(sha256, bucketBytes(bucket)),
  );
  const root = rootOf(sha256, hashes);
  const prove = (subject: string) => {
    const found = held.find((one) => one.subject === subject);
    const salt = found?.salt ?? randomBytes(32);
    const bucket = bucketOf(tagOf(sha256, salt, subject));
    return {
      subject,
      salt: toBase64(salt),
      count: {
        bucket: toBase64(bucketBytes(bucket)),
        path: inclusionPath(sha256, hashes, bucket).map(toBase64),
        value: found === undefined ? null : { ...found.value, salt: toBase64(found.valueSalt) },
      },
    };
  };
  return { root, prove };
}

const SHOP = countSubjects.app("018f0000-0000-7000-8000-000000000001");
const BLOG = countSubjects.app("018f0000-0000-7000-8000-000000000002");
const map = aMap({ [SHOP]: { count: 12, last: 40 }, [BLOG]: { count: 3, last: 7 } });
const open = (proof: ReturnType<typeof map.prove>) => openCount(sha256, map, proof);

test("a count is what its map says, and who is not in it has none", () => {
  expect(open(map.prove(SHOP))).toEqual({ count: 12, last: 40 });
  expect(open(map.prove("app:nobody"))).toBeNull();
});

type Proof = ReturnType<typeof map.prove>;

const withValue = (proof: Proof, change: object): Proof => ({
  ...proof,
  count: { ...proof.count, value: { ...proof.count.value, ...change } as never },
});

test.each<[string, (proof: Proof) => Proof]>([
  ["another count", (proof) => withValue(proof, { count: 11 })],
  ["another last entry", (proof) => withValue(proof, { last: 39 })],
  ["a count that is no number", (proof) => withValue(proof, { count: -1 })],
  [
    "no entries where there are some",
    (proof) => ({ ...proof, count: { ...proof.count, value: null } }),
  ],
  ["another's count", (proof) => ({ ...proof, count: map.prove(BLOG).count })],
  ["another subject", (proof) => ({ ...proof, subject: BLOG })],
  ["another salt", (proof) => ({ ...proof, salt: toBase64(randomBytes(32)) })],
  [
    "an emptied bucket",
    (proof) => ({ ...proof, count: { ...proof.count, bucket: "", value: null } }),
  ],
  ["nonsense", (proof) => ({ ...proof, count: { ...proof.count, path: ["AAAA"] } })],
])("a proof that says %s is refused", (_name, change) => {
  expect(() => open(change(map.prove(SHOP)))).toThrow(LogFault);
});

test("a bucket holds no tag twice, and its tags in order: nobody has two counts", () => {
  const record = (first: number) => concat(new Uint8Array(32).fill(first), randomBytes(32));
  expect(decodeBucket(concat(record(1), record(2)))).toHaveLength(2);
  expect(decodeBucket(concat(record(1), record(1)))).toBeNull();
  expect(decodeBucket(concat(record(2), record(1)))).toBeNull();
  expect(decodeBucket(randomBytes(63))).toBeNull();
  expect(decodeBucket(new Uint8Array(0))).toEqual([]);
});
