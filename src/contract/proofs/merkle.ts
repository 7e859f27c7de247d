import { areEqual, concat } from "./bytes.ts";

/*
 * Merkle trees as RFC 6962 §2.1 (= RFC 9162 §2.1) has them, over SHA-256. The hash comes from whoever
 * calls: Node's own on the server, a library's in the browser.
 */

/** SHA-256 of some bytes: 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

export const hashLeaf = (sha256: Sha256, entry: Uint8Array): Uint8Array =>
  sha256(concat(LEAF, entry));

export const hashNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concat(NODE, left, right));

/** Root of a tree with these leaf hashes (RFC 6962 §2.1); of none, the hash of nothing. */
export function rootOf(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (first === undefined) return sha256(new Uint8Array(0));
  if (hashes.length === 1) return first;
  const split = largestPowerBelow(hashes.length);
  return hashNode(
    sha256,
    rootOf(sha256, hashes.slice(0, split)),
    rootOf(sha256, hashes.slice(split)),
  );
}

/**
 * The path from a leaf to the root of all these leaf hashes, the leaf's sibling first.
 *
 * @throws {RangeError} where there is no such leaf.
 */
export function inclusionPath(
  sha256: Sha256,
  hashes: readonly Uint8Array[],
  index: number,
): Uint8Array[] {
  if (!(index >= 0 && index < hashes.length)) throw new RangeError(`no leaf ${index}`);
  if (hashes.length === 1) return [];
  const split = largestPowerBelow(hashes.length);
  const left = hashes.slice(0, split);
  const right = hashes.slice(split);
  return index < split
    ? [...inclusionPath(sha256, left, index), rootOf(sha256, right)]
    : [...inclusionPath(sha256, right, index - split), rootOf(sha256, left)];
}

/** Whether a leaf hash stands at `index` of the tree with this size and root. */
export function isIncluded(
  sha256: Sha256,
  leaf: { index: number; hash: Uint8Array },
  tree: { size: number; root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  const root = rootByPath(sha256, leaf, tree.size, path);
  return root !== null && areEqual(root, tree.root);
}

/**
 * The root that a tree of this size has if a leaf hash stands at `index` of it (RFC 9162 §2.1.3.2); null
 * where the path is none of such a tree.
 */
export function rootByPath(
  sha256: Sha256,
  leaf: { index: number; hash: Uint8Array },
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!isSize(leaf.index) || !isSize(size) || leaf.index >= size) return null;
  const walk = new Walk(leaf.index, size - 1);
  let { hash } = leaf;
  for (const sibling of path) {
    if (walk.isOver) return null;
    if (walk.step()) hash = hashNode(sha256, sibling, hash);
    else hash = hashNode(sha256, hash, sibling);
  }
  return walk.isOver ? hash : null;
}

/** Whether a larger tree only added to a smaller one (RFC 9162 §2.1.4.2). */
export function isConsistent(
  sha256: Sha256,
  old: { size: number; root: Uint8Array },
  tree: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(old.size) || !isSize(tree.size) || old.size > tree.size) return false;
  if (old.size === tree.size) return proof.length === 0 && areEqual(old.root, tree.root);
  if (old.size === 0) return proof.length === 0;
  return goesOn(sha256, old, tree, proof);
}

function goesOn(
  sha256: Sha256,
  old: { size: number; root: Uint8Array },
  tree: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  const path = isPowerOfTwo(old.size) ? [old.root, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  const walk = new Walk(old.size - 1, tree.size - 1);
  walk.skipOdd();
  let before = first;
  let after = first;
  for (const sibling of path) {
    if (walk.isOver) return false;
    if (walk.step()) {
      before = hashNode(sha256, sibling, before);
      after = hashNode(sha256, sibling, after);
    } else after = hashNode(sha256, after, sibling);
  }
  return walk.isOver && areEqual(before, old.root) && areEqual(after, tree.root);
}

/** The two numbers that both checks shift to the right, beyond 32 bits: so by halving. */
class Walk {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  get isOver(): boolean {
    return this.#last === 0;
  }

  skipOdd(): void {
    while (this.#node % 2 === 1) this.#halve();
  }

  /** @returns whether the sibling stands to the left. */
  step(): boolean {
    const isRight = this.#node % 2 === 1 || this.#node === this.#last;
    if (isRight) while (this.#node % 2 === 0 && this.#node !== 0) this.#halve();
    this.#halve();
    return isRight;
  }

  #halve(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

export function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size)) && size > 0;
