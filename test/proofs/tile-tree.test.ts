import { hash } from "node:crypto";
import { expect, test } from "vitest";
import {
  hashLeaf,
  inclusionPath,
  isConsistent,
  isIncluded,
  rootOf,
} from "../../src/contract/proofs/merkle.ts";
import { TileTree, type ReadTile } from "../../src/contract/proofs/tile-tree.ts";
import { TILE_WIDTH } from "../../src/contract/proofs/tiles.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");
const hashes = Array.from({ length: 1_400 }, (_, index) =>
  hashLeaf(sha256, Buffer.from(String(index))),
);

/** Tiles straight from their definition: the roots of the full tiles below. */
const read: ReadTile = async ({ level, n, width }) =>
  Buffer.concat(
    Array.from({ length: width }, (_, at) => {
      const each = TILE_WIDTH ** level;
      const from = (n * TILE_WIDTH + at) * each;
      return rootOf(sha256, hashes.slice(from, from + each));
    }),
  );

const rootAt = (size: number) => ({ size, root: rootOf(sha256, hashes.slice(0, size)) });
const SIZES = [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 1_025, 1_400];

test("roots and paths from tiles are those of the whole tree", async () => {
  for (const size of SIZES) {
    const tree = new TileTree(sha256, size, read);
    expect(Buffer.from(await tree.root())).toEqual(Buffer.from(rootAt(size).root));
    for (const index of [0, 1, Math.floor(size / 2), size - 1].filter((some) => some < size)) {
      const path = await tree.inclusion(index);
      expect(path).toEqual(inclusionPath(sha256, hashes.slice(0, size), index));
      const leaf = { index, hash: await tree.leafHash(index) };
      expect(isIncluded(sha256, leaf, rootAt(size), path)).toBe(true);
    }
  }
  expect(Buffer.from(await new TileTree(sha256, 0, read).root()).toString("hex")).toMatch(
    /^e3b0c442/,
  );
});

test("each tree is proven to go on from each smaller one, and from no other root", async () => {
  for (const size of SIZES)
    for (const old of SIZES.filter((some) => some <= size)) {
      const proof = await new TileTree(sha256, size, read).consistency(old);
      expect(isConsistent(sha256, rootAt(old), rootAt(size), proof)).toBe(true);
      const forged = { size: old, root: new Uint8Array(32) };
      expect(isConsistent(sha256, forged, rootAt(size), proof)).toBe(false);
    }
});

test("what is not there is said, not made up", async () => {
  const tree = new TileTree(sha256, 300, async () => new Uint8Array(32));
  await expect(tree.root()).rejects.toThrow("too few hashes");
  await expect(tree.inclusion(300)).rejects.toThrow("no leaf 300");
  await expect(tree.consistency(301)).rejects.toThrow("no tree of 301 leaves");
});
