import type { BundledPart } from "./bundle.ts";
import { decodeHash, decodeHashes } from "./hash-text.ts";

/*
 * Reading a bundle's lines. They are anybody's: each is looked at before it is used.
 */

/** A line after the first; which, its `type` says. */
export type Line = { type?: unknown; error?: { code?: unknown } } & {
  [member in LineMember]?: unknown;
};

type LineMember =
  | "log"
  | "tile"
  | "leaves"
  | "hidden"
  | "path"
  | "head"
  | "positions"
  | "hashes"
  | "id"
  | "parts"
  | "ids"
  | "batches"
  | "entries"
  | "unproven";

/** Undefined for what is no JSON. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Leaf = { index: number; verdict: number; count: number; root: Uint8Array };

export const isEntryId = (id: unknown): id is string =>
  typeof id === "string" && /^\d{8}-\d{1,9}-\d{1,15}-\d{1,6}$/.test(id);

const isWhole = (value: unknown, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

export type ReadLeaves = {
  log: number;
  tile: number;
  leaves: Leaf[];
  hidden: Uint8Array[];
  path: Uint8Array[];
};

/** Null for what is none. */
export function readLeaves({ log, tile, leaves, hidden, path }: Line): ReadLeaves | null {
  const [cover, way] = [decodeHashes(hidden), decodeHashes(path)];
  const found = Array.isArray(leaves) ? leaves.map(readLeaf) : [];
  if (!isWhole(log) || !isWhole(tile) || cover === null || way === null) return null;
  if (found.length === 0 || !found.every((leaf) => leaf !== null)) return null;
  return { log, tile, leaves: found, hidden: cover, path: way };
}

function readLeaf(leaf: unknown): Leaf | null {
  if (!isObject(leaf)) return null;
  const { index, verdict, count, root } = leaf as { [member in keyof Leaf]?: unknown };
  const bytes = decodeHash(root);
  if (!isWhole(index) || !isWhole(verdict, 255) || !isWhole(count, 0xff_ff_ff_ff) || bytes === null)
    return null;
  return { index, verdict, count, root: bytes };
}

/** Ascending, and of at least one entry. */
const isPositions = (positions: unknown): positions is number[] =>
  Array.isArray(positions) &&
  positions.length > 0 &&
  positions.every(
    (position, at) => isWhole(position) && (at === 0 || position > (positions[at - 1] as number)),
  );

/** What a batch says of itself, with what it takes to check that. */
export type Head = {
  /** Its entries' ids begin with it. */
  id: string;
  writer: number;
  number: number;
  at: string;
  salt: string;
  text: string;
};

export type Batch = {
  head: Head;
  positions: number[];
  /** The head's, then those of the entries at the positions. */
  hashes: Uint8Array[];
  hidden: Uint8Array[];
};

/** Null for what is none. */
export function readBatch({ head, positions, hashes, hidden }: Line): Batch | null {
  const [shown, cover] = [decodeHashes(hashes), decodeHashes(hidden)];
  const told = readHead(head);
  if (shown === null || cover === null || told === null || !isPositions(positions)) return null;
  return shown.length === positions.length + 1
    ? { head: told, positions, hashes: shown, hidden: cover }
    : null;
}

function readHead(head: unknown): Head | null {
  const { salt, text } = Object(head) as Record<string, unknown>;
  if (typeof salt !== "string" || typeof text !== "string") return null;
  const { day, writer, number, at } = Object(json(text)) as Record<string, unknown>;
  if (typeof day !== "string" || typeof at !== "string") return null;
  if (!isWhole(writer) || !isWhole(number)) return null;
  const id = `${day.replaceAll("-", "")}-${writer}-${number}`;
  return { id, writer, number, at, salt, text };
}

/** What is in them, whoever hashes them looks at; of what is no list of parts, none. */
export const readParts = (parts: unknown): BundledPart[] =>
  Array.isArray(parts) && parts.every(isObject) ? (parts as BundledPart[]) : [];

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

export const isPlace = (place: unknown): place is { writer: number; number: number } =>
  isObject(place) && isWhole(Reflect.get(place, "writer")) && isWhole(Reflect.get(place, "number"));
