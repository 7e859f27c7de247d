import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** Digits, upper case, lower case: in ASCII order, so that values of one length sort like their texts. */
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters of a token: 43 × log2(62) = 256.03 bits. */
const TOKEN_CHARACTERS = 43;

/** Bytes from here up are thrown away: 248 = 4 × 62, so that each character keeps exactly four byte values. */
const REJECT_FROM = 248;

/** A new bearer secret: 43 base62 characters, 256 bits. Store its digest (`hashToken`), never the token. */
export function newToken(): string {
  return randomBase62(TOKEN_CHARACTERS);
}

/** `length` characters, each uniform over base62 (rejection sampling, so without modulo bias). */
export function randomBase62(
  length: number,
  random: (size: number) => Buffer = randomBytes,
): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random(length - text.length + 8)) {
      if (byte < REJECT_FROM && text.length < length) text += BASE62.charAt(byte % BASE62.length);
    }
  }
  return text;
}

/** SHA-256 of a token (32 bytes), for looking it up by digest. A 256-bit secret needs no slow hash and no salt. */
export function hashToken(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

/** Whether two secrets are the same. Compares their digests, so neither content nor length shows in the time. */
export function secretsEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}

/** A non-negative safe integer in base62, padded with zeros on the left to `width` characters. */
export function toBase62(value: number, width: number): string {
  let text = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62))
    text = BASE62.charAt(rest % 62) + text;
  return text.padStart(width, "0");
}

/** The value (0 to 61) of the base62 character with this code, or -1 when it is none. */
export function base62Value(charCode: number): number {
  if (charCode >= 48 && charCode <= 57) return charCode - 48;
  if (charCode >= 65 && charCode <= 90) return charCode - 55;
  if (charCode >= 97 && charCode <= 122) return charCode - 61;
  return -1;
}
