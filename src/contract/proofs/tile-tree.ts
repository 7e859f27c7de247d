import { HASH_BYTES, hashNode, largestPowerBelow, rootOf, type Sha256 } from "./merkle.ts";
import { hashesAt, TILE_WIDTH, type TilePlace } from "./tiles.ts";

/** Gives the hashes of a tile: at least `width` of them. @throws what its source says. */
export type ReadTile = (place: TilePlace & { level: number }) => Promise<Uint8Array>;

/** Levels of hashes that one tile holds: 2^8 of them. */
const TILE_HEIGHT = 8;

/**
 * A tree of a certain size, read from its tiles. Nothing that is read is believed: whoever wants proof
 * compares with a signed root.
 */
export class TileTree {
  readonly #sha256: Sha256;
  readonly #size: number;
  readonly #read: ReadTile;
  readonly #tiles = new Map<string, Promise<Uint8Array>>();

  constructor(sha256: Sha256, size: number, read: ReadTile) {
    this.#sha256 = sha256;
    this.#size = size;
    this.#read = read;
  }

  /** @throws what reading a tile throws; {RangeError} for a tile with too few hashes. */
  async root(): Promise<Uint8Array> {
    return this.#size === 0 ? rootOf(this.#sha256, []) : await this.#rangeRoot(0, this.#size);
  }

  /** Path of a leaf, its sibling first. @throws {RangeError} where there is no such leaf. */
  async inclusion(index: number): Promise<Uint8Array[]> {
    if (!(index >= 0 && index < this.#size)) throw new RangeError(`no leaf ${index}`);
    const path: Uint8Array[] = [];
    let [from, to] = [0, this.#size];
    while (to - from > 1) {
      const split = from + largestPowerBelow(to - from);
      if (index < split) {
        path.push(await this.#rangeRoot(split, to));
        to = split;
      } else {
        path.push(await this.#rangeRoot(from, split));
        from = split;
      }
    }
    return path.toReversed();
  }

  /** That this tree only added to its first `old` leaves (RFC 6962 §2.1.2). @throws {RangeError} for more leaves than there are. */
  async consistency(old: number): Promise<Uint8Array[]> {
    if (!(old >= 0 && old <= this.#size)) throw new RangeError(`no tree of ${old} leaves`);
    if (old === 0 || old === this.#size) return [];
    const path: Uint8Array[] = [];
    let [from, to] = [0, this.#size];
    while (old !== to) {
      const split = from + largestPowerBelow(to - from);
      if (old <= split) {
        path.push(await this.#rangeRoot(split, to));
        to = split;
      } else {
        path.push(await this.#rangeRoot(from, split));
        from = split;
      }
    }
    // A tree that is a whole left part is known to whoever has its root.
    if (from !== 0) path.push(await this.#rangeRoot(from, to));
    return path.toReversed();
  }

  /** Hash of a leaf. */
  async leafHash(index: number): Promise<Uint8Array> {
    return await this.#rangeRoot(index, index + 1);
  }

  async #rangeRoot(from: number, to: number): Promise<Uint8Array> {
    const width = to - from;
    if (Number.isInteger(Math.log2(width)) && from % width === 0)
      return await this.#subtreeRoot(Math.log2(width), from / width);
    const split = from + largestPowerBelow(width);
    return hashNode(
      this.#sha256,
      await this.#rangeRoot(from, split),
      await this.#rangeRoot(split, to),
    );
  }

  /** Root over the leaves from `index * 2^height`, 2^height of them. */
  async #subtreeRoot(height: number, index: number): Promise<Uint8Array> {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    const first = index * count;
    const n = Math.floor(first / TILE_WIDTH);
    const hashes = await this.#tile(level, n);
    const from = (first % TILE_WIDTH) * HASH_BYTES;
    if (hashes.length < from + count * HASH_BYTES)
      throw new RangeError(`tile ${level}/${n} has too few hashes`);
    return rootOf(
      this.#sha256,
      Array.from({ length: count }, (_, at) =>
        hashes.subarray(from + at * HASH_BYTES, from + (at + 1) * HASH_BYTES),
      ),
    );
  }

  #tile(level: number, n: number): Promise<Uint8Array> {
    const name = `${level}/${n}`;
    const known = this.#tiles.get(name);
    if (known !== undefined) return known;
    const width = Math.min(TILE_WIDTH, hashesAt(level, this.#size) - n * TILE_WIDTH);
    const tile = this.#read({ level, n, width });
    this.#tiles.set(name, tile);
    return tile;
  }
}
