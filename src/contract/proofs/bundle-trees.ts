import type { Batch, ReadLeaves } from "./bundle-lines.ts";
import { encodeBatchLeaf } from "./commitment.ts";
import { rootOfCover } from "./cover.ts";
import { hashLeaf, rootByPath, type Sha256 } from "./merkle.ts";
import { TILE_WIDTH } from "./tiles.ts";

/** The root that a log of this size has with these leaves; null where they are of no such log. */
export function rootOfLeaves(
  sha256: Sha256,
  { tile, leaves, hidden, path }: ReadLeaves,
  size: number,
): Uint8Array | null {
  const from = tile * TILE_WIDTH;
  const shown = leaves.map((leaf) => ({
    index: leaf.index - from,
    hash: hashLeaf(sha256, encodeBatchLeaf(leaf)),
  }));
  const width = Math.min(TILE_WIDTH, size - from);
  const hash = rootOfCover(sha256, width, { shown, hidden });
  // The tiles' own roots, of which the last may be of fewer leaves, are leaves of a tree of the same shape.
  const tiles = Math.ceil(size / TILE_WIDTH);
  return hash === null ? null : rootByPath(sha256, { index: tile, hash }, tiles, path);
}

/** The root that a batch of so many entries has with these of its leaves; null where they are of no such batch. */
export function rootOfBatch(
  sha256: Sha256,
  { positions, hashes, hidden }: Batch,
  count: number,
): Uint8Array | null {
  const shown = hashes.map((hash, at) => ({ index: (positions[at - 1] ?? -1) + 1, hash }));
  return rootOfCover(sha256, count + 1, { shown, hidden });
}
