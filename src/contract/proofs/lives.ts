import { keyIdOf, type VerifierKey } from "./note.ts";
import type { Sha256 } from "./merkle.ts";

/*
 * A log that had to go on under another name: its lives' names differ in the number at their end, and one key may
 * sign for all of them, under each name with another id.
 */

const NAME = /^(.+\/)([1-9]\d{0,8})$/;

/** Whether `later` is the name of the same life of a log, or of one that came after it. */
export function goesOnAs(name: string, later: string): boolean {
  const [one, other] = [NAME.exec(name), NAME.exec(later)];
  if (one === null || other === null) return name === later;
  return one[1] === other[1] && Number(one[2]) <= Number(other[2]);
}

/** The key of a life among those that were given for it or for another life of its log; null: none was. */
export function keyFor(
  sha256: Sha256,
  keys: readonly VerifierKey[],
  name: string,
): VerifierKey | null {
  const own = keys.find((key) => key.name === name);
  if (own !== undefined) return own;
  const sibling = keys.find((key) => goesOnAs(key.name, name) || goesOnAs(name, key.name));
  if (sibling === undefined) return null;
  const { type, publicKey } = sibling;
  return { name, type, publicKey, keyId: keyIdOf(sha256, { name, type, publicKey }) };
}
