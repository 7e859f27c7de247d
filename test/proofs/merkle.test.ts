import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../../src/contract/proofs/bytes.ts";
import {
  hashLeaf,
  inclusionPath,
  isConsistent,
  isIncluded,
  rootOf,
} from "../../src/contract/proofs/merkle.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

const bytes = (hex: string): Uint8Array => {
  const found = fromHex(hex);
  if (found === null) throw new Error(`no hexadecimal: ${hex}`);
  return found;
};

/** The test tree of Certificate Transparency. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
  .concat("606162636465666768696a6b6c6d6e6f")
  .map((hex) => hashLeaf(sha256, bytes(hex)));

const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test("roots are those of the published test tree", () => {
  expect(ROOTS.map((_, index) => toHex(rootOf(sha256, LEAVES.slice(0, index + 1))))).toEqual(ROOTS);
  expect(toHex(rootOf(sha256, []))).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

test("inclusion paths are the published ones, the leaf's sibling first", () => {
  expect(inclusionPath(sha256, LEAVES, 5).map(toHex)).toEqual([
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
  expect(inclusionPath(sha256, LEAVES.slice(0, 3), 2).map(toHex)).toEqual([ROOTS[1]]);
});

test("the published consistency proofs hold, and with another hash they do not", () => {
  const tree = (size: number) => ({ size, root: bytes(ROOTS[size - 1] ?? "") });
  const sixToEight = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ].map(bytes);
  const twoToFive = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  ].map(bytes);
  expect(isConsistent(sha256, tree(6), tree(8), sixToEight)).toBe(true);
  expect(isConsistent(sha256, tree(2), tree(5), twoToFive)).toBe(true);
  expect(isConsistent(sha256, tree(2), tree(5), twoToFive.toReversed())).toBe(false);
  expect(isConsistent(sha256, tree(8), tree(6), sixToEight)).toBe(false);
});

const SIZES = Array.from({ length: 70 }, (_, index) => index + 1);
const many = SIZES.map((value) => hashLeaf(sha256, Uint8Array.of(value)));
const roots = SIZES.map((size) => rootOf(sha256, many.slice(0, size)));
const treeOf = (size: number) => ({ size, root: roots[size - 1] ?? new Uint8Array() });

/** Each way to spoil a proof by one hash. */
const spoiled = (proof: readonly Uint8Array[]): Uint8Array[][] => [
  [...proof, new Uint8Array(32)],
  ...(proof.length === 0 ? [] : [proof.slice(0, -1), [new Uint8Array(32), ...proof.slice(1)]]),
];

test("of all trees up to 70 leaves every leaf is proven, by its own path at its own place alone", () => {
  for (const size of SIZES)
    for (let index = 0; index < size; index++) {
      const leaf = { index, hash: many[index] ?? new Uint8Array() };
      const path = inclusionPath(sha256, many.slice(0, size), index);
      expect(isIncluded(sha256, leaf, treeOf(size), path)).toBe(true);
      for (const wrong of spoiled(path))
        expect(isIncluded(sha256, leaf, treeOf(size), wrong)).toBe(false);
      const elsewhere = { ...leaf, index: (index + 1) % size };
      if (size > 1) expect(isIncluded(sha256, elsewhere, treeOf(size), path)).toBe(false);
    }
});

/** RFC 6962 §2.1.2, as it is written there. */
function proofBetween(old: number, hashes: readonly Uint8Array[], isWhole = true): Uint8Array[] {
  if (old === hashes.length) return isWhole ? [] : [rootOf(sha256, hashes)];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return old <= split
    ? [...proofBetween(old, hashes.slice(0, split), isWhole), rootOf(sha256, hashes.slice(split))]
    : [
        ...proofBetween(old - split, hashes.slice(split), false),
        rootOf(sha256, hashes.slice(0, split)),
      ];
}

test("of all pairs of trees up to 70 leaves the larger is proven to go on from the smaller", () => {
  for (const size of SIZES)
    for (let old = 1; old <= size; old++) {
      const proof = proofBetween(old, many.slice(0, size));
      expect(isConsistent(sha256, treeOf(old), treeOf(size), proof)).toBe(true);
      for (const wrong of spoiled(proof))
        expect(isConsistent(sha256, treeOf(old), treeOf(size), wrong)).toBe(false);
    }
});
