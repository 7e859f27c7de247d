import { HASH_BYTES } from "./merkle.ts";

/*
 * 32 bytes as base64, read quickly: a bundle holds millions of them. As strict as `fromBase64`, of which a test
 * holds it up.
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NONE = 255;
const values = new Uint8Array(128).fill(NONE);
for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;

/** 43 characters of 6 bits and the padding. */
const TEXT_LENGTH = 44;

/** False for what is no 32 bytes in base64. */
export function decodeHashInto(text: unknown, target: Uint8Array, at: number): boolean {
  if (typeof text !== "string" || text.length !== TEXT_LENGTH || text[43] !== "=") return false;
  let bits = 0;
  let count = 0;
  let to = at;
  for (let index = 0; index < TEXT_LENGTH - 1; index++) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? (values[code] as number) : NONE;
    if (value === NONE) return false;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    target[to++] = bits >>> count;
  }
  // What is left over must be nothing, or two texts would be of the same bytes.
  return (bits & 3) === 0;
}

/** Null for what is no 32 bytes in base64. */
export function decodeHash(text: unknown): Uint8Array | null {
  const bytes = new Uint8Array(HASH_BYTES);
  return decodeHashInto(text, bytes, 0) ? bytes : null;
}

/** Null where one is none. */
export function decodeHashes(texts: unknown): Uint8Array[] | null {
  if (!Array.isArray(texts)) return null;
  const hashes = texts.map(decodeHash);
  return hashes.every((hash) => hash !== null) ? hashes : null;
}
