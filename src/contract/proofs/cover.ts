import { hashNode, largestPowerBelow, rootOf, type Sha256 } from "./merkle.ts";

/*
 * Many leaves of one tree proven at once: the roots of those subtrees that hold none of them, from the left. For a
 * single leaf that is its path, for all leaves nothing.
 */

export type PlacedHash = { index: number; hash: Uint8Array };

/**
 * The hashes that make a tree's root together with those of the shown leaves.
 *
 * @param shown indices, ascending.
 */
export function coverOf(
  sha256: Sha256,
  hashes: readonly Uint8Array[],
  shown: readonly number[],
): Uint8Array[] {
  const hidden: Uint8Array[] = [];
  let next = 0;
  const walk = (from: number, to: number): void => {
    const index = shown[next];
    if (index === undefined || index >= to) hidden.push(rootOf(sha256, hashes.slice(from, to)));
    else if (to - from === 1) next += 1;
    else {
      const split = from + largestPowerBelow(to - from);
      walk(from, split);
      walk(split, to);
    }
  };
  walk(0, hashes.length);
  return hidden;
}

/**
 * The root that a tree of this size has with these leaves and hashes; null where they are not of one tree. What it
 * takes grows with what is shown, not with `size`, whoever made that up.
 *
 * @param shown ascending.
 */
export function rootOfCover(
  sha256: Sha256,
  size: number,
  { shown, hidden }: { shown: readonly PlacedHash[]; hidden: readonly Uint8Array[] },
): Uint8Array | null {
  let [usedShown, usedHidden] = [0, 0];
  const walk = (from: number, to: number): Uint8Array | null => {
    const next = shown[usedShown];
    if (next === undefined || next.index >= to) return hidden[usedHidden++] ?? null;
    if (to - from === 1) {
      usedShown += 1;
      return next.index === from ? next.hash : null;
    }
    const split = from + largestPowerBelow(to - from);
    const left = walk(from, split);
    const right = left === null ? null : walk(split, to);
    return left === null || right === null ? null : hashNode(sha256, left, right);
  };
  if (!Number.isSafeInteger(size) || size < 1) return null;
  const root = walk(0, size);
  return usedShown === shown.length && usedHidden === hidden.length ? root : null;
}
