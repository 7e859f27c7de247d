/*
 * Where the hashes of a tree stand, C2SP tlog-tiles v0.1.0: 256 of them in a tile.
 */

export const TILE_WIDTH = 256;

/** A tile of hashes at a level, or of entries; `width` below 256 for the one at the end. */
export type TilePlace = { level: number | "entries"; n: number; width: number };

/** `tile/0/x001/x234/067`, with `.p/W` where it is not full. */
export function tilePath({ level, n, width }: TilePlace): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0");
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group));
  return `tile/${level}/${path.join("/")}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Null for what is no tile's path, or not the only way to write it. */
export function parseTilePath(path: string): TilePlace | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, level = "", groups = "", width] = match;
  const place: TilePlace = {
    level: level === "entries" ? level : Number(level),
    n: Number(groups.replaceAll(/[x/]/g, "")),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  return place.width <= TILE_WIDTH && tilePath(place) === path ? place : null;
}

/** How many hashes stand at a level of a tree: roots of the full tiles below. */
export const hashesAt = (level: number, size: number): number =>
  Math.floor(size / TILE_WIDTH ** level);

/** The last tile that a tree of this size has at a level, full or not; undefined where it has none. */
export function lastTile(level: number, size: number): (TilePlace & { level: number }) | undefined {
  const hashes = hashesAt(level, size);
  if (hashes === 0) return undefined;
  const n = Math.ceil(hashes / TILE_WIDTH) - 1;
  return { level, n, width: hashes - n * TILE_WIDTH };
}
