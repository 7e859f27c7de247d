import { hash } from "node:crypto";
import { HASH_BYTES, hashNode, rootOf, type Sha256 } from "../../contract/proofs/merkle.ts";
import { TILE_WIDTH } from "../../contract/proofs/tiles.ts";

export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/** The hashes of a tile, 32 bytes each. */
export type Tile = { level: number; n: number; hashes: Buffer };

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/**
 * The right edge of the log's tree: of each level the tile that is not full yet. All that is needed to
 * add leaves and to know the root.
 */
export class LogTree {
  size: number;
  /** By level, from the leaves up: the hashes of the last, partial tile; empty where that level's tiles are full. */
  readonly #edge: Buffer[][];

  /** @param tiles the partial tiles of a tree with this size, in any order. */
  constructor(size: number, tiles: readonly Tile[]) {
    this.size = size;
    this.#edge = [];
    for (const { level, n, hashes } of tiles) {
      const width = Math.floor(size / TILE_WIDTH ** level) - n * TILE_WIDTH;
      if (width * HASH_BYTES !== hashes.length)
        throw new Error(`the log's tile ${level}/${n} does not fit its size ${size}`);
      this.#level(level).push(
        ...Array.from({ length: width }, (_, index) =>
          hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
        ),
      );
    }
  }

  /** @returns the tiles that are new or grew, the state of each once. */
  append(leafHashes: readonly Buffer[]): Tile[] {
    const changed = new Map<string, Tile>();
    for (const leafHash of leafHashes) {
      this.#add(0, leafHash, changed);
      this.size += 1;
    }
    for (const [level, hashes] of this.#edge.entries()) {
      const n = Math.floor(Math.floor(this.size / TILE_WIDTH ** level) / TILE_WIDTH);
      if (hashes.length > 0)
        changed.set(`${level}/${n}`, { level, n, hashes: Buffer.concat(hashes) });
    }
    return [...changed.values()];
  }

  root(): Uint8Array {
    let rest: Uint8Array | null = null;
    for (const hashes of this.#edge) {
      const all: Uint8Array[] = rest === null ? hashes : [...hashes, rest];
      if (all.length > 0) rest = rootOf(sha256, all);
    }
    return rest ?? rootOf(sha256, []);
  }

  #add(level: number, added: Buffer, changed: Map<string, Tile>): void {
    const hashes = this.#level(level);
    hashes.push(added);
    if (hashes.length < TILE_WIDTH) return;
    const full = Buffer.concat(hashes, TILE_BYTES);
    const n = this.#fullTiles(level);
    changed.set(`${level}/${n}`, { level, n, hashes: full });
    hashes.length = 0;
    this.#add(level + 1, fullRoot(full), changed);
  }

  /** How many tiles of the level are full before the leaf that is being added. */
  #fullTiles(level: number): number {
    return Math.floor(this.size / TILE_WIDTH ** (level + 1));
  }

  #level(level: number): Buffer[] {
    while (this.#edge.length <= level) this.#edge.push([]);
    return this.#edge[level] as Buffer[];
  }
}

/** Root over a full tile: 256 hashes, so every level halves. */
function fullRoot(hashes: Buffer): Buffer {
  let row = Array.from({ length: TILE_WIDTH }, (_, index) =>
    hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, index) =>
      Buffer.from(hashNode(sha256, row[2 * index] as Buffer, row[2 * index + 1] as Buffer)),
    );
  return row[0] as Buffer;
}
