import { crc32 } from "node:zlib";
import { base62Value, randomBase62, toBase62 } from "./tokens.ts";

/** `key`: API key of a service account. `op`: operator key. */
export type ApiKeyKind = "key" | "op";

const PREFIX: Record<ApiKeyKind, string> = { key: "sally_key_", op: "sally_op_" };
const ID_CHARACTERS = 12;
const SECRET_CHARACTERS = 43;
/** 62^6 > 2^32: every CRC-32 fits, and each has one spelling. */
const CHECKSUM_CHARACTERS = 6;
const BODY_CHARACTERS = ID_CHARACTERS + 1 + SECRET_CHARACTERS + CHECKSUM_CHARACTERS;
const UNDERSCORE = 95;

/** Finds our keys in any text, for secret scanners: only `[0-9A-Za-z_]`, so a double click selects all of a key. */
export const apiKeyScanPattern = /\bsally_(?:key|op)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b/;

/**
 * Makes a key `sally_<kind>_<id>_<secret><checksum>`: a public id (12 base62 characters, about 71 bits, safe in logs),
 * a secret of 256 bits, and the CRC-32 of everything before it. The text is shown once; what is stored is a MAC of it.
 */
export function newApiKey(kind: ApiKeyKind): { id: string; text: string } {
  const id = randomBase62(ID_CHARACTERS);
  const body = `${PREFIX[kind]}${id}_${randomBase62(SECRET_CHARACTERS)}`;
  return { id, text: body + toBase62(crc32(body), CHECKSUM_CHARACTERS) };
}

/**
 * Kind and id of a well-formed key, or null. Keeps junk away from the database; it proves nothing about the secret.
 * Takes input of any length: everything but the one right length is refused before a character is read.
 */
export function parseApiKey(text: string): { kind: ApiKeyKind; id: string } | null {
  const kind = kindOf(text);
  if (kind === null) return null;

  const idStart = PREFIX[kind].length;
  const idEnd = idStart + ID_CHARACTERS;
  const checksumStart = text.length - CHECKSUM_CHARACTERS;
  if (text.charCodeAt(idEnd) !== UNDERSCORE) return null;
  if (!isBase62(text, idStart, idEnd) || !isBase62(text, idEnd + 1, text.length)) return null;

  let checksum = 0;
  for (let i = checksumStart; i < text.length; i += 1)
    checksum = checksum * 62 + base62Value(text.charCodeAt(i));
  if (checksum !== crc32(text.slice(0, checksumStart))) return null;
  return { kind, id: text.slice(idStart, idEnd) };
}

function kindOf(text: string): ApiKeyKind | null {
  if (hasShape(text, PREFIX.key)) return "key";
  return hasShape(text, PREFIX.op) ? "op" : null;
}

function hasShape(text: string, prefix: string): boolean {
  return text.length === prefix.length + BODY_CHARACTERS && text.startsWith(prefix);
}

function isBase62(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (base62Value(text.charCodeAt(i)) < 0) return false;
  return true;
}
