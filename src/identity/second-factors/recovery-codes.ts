import { randomBytes } from "node:crypto";
import type { KeyedMac, KeyRing } from "../../platform/crypto/key-ring.ts";

/** Crockford's base32: no I, L, O or U, so that nothing is misread and no code is a word. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODES = 16;
/** 10 × 5 bits = 50 bits: with the attempts per hour that are allowed, beyond guessing. */
const CHARACTERS = 10;

/** 16 different codes `XXXXX-XXXXX` of 50 random bits each, to be shown once. */
export function newRecoveryCodes(): string[] {
  const codes = new Set<string>();
  while (codes.size < CODES) codes.add(newCode());
  return [...codes];
}

/**
 * What is stored of a code: a MAC by a key outside the database, bound to the account. 50 bits alone could be searched
 * in a leaked table; without the key there is nothing to compare with.
 *
 * @throws {RangeError} when the code is none of ours.
 */
export function hashRecoveryCode(ring: KeyRing, accountId: string, code: string): KeyedMac {
  const normalised = normaliseRecoveryCode(code);
  if (normalised === null) throw new RangeError("not a recovery code");
  return ring.mac("token", macInput(accountId, normalised));
}

/**
 * What a typed code may have been stored as: one MAC per key of the ring, so that codes outlive a key rotation. Empty
 * for input that no code can be, which then matches no row. The caller spends the one row that is equal in key id and
 * MAC, in one statement.
 */
export function recoveryCodeCandidates(
  ring: KeyRing,
  accountId: string,
  typed: string,
): KeyedMac[] {
  const normalised = normaliseRecoveryCode(typed);
  return normalised === null ? [] : ring.macs("token", macInput(accountId, normalised));
}

/**
 * The ten characters of a code as people type it: any case, any spaces and dashes, O for 0 and I or L for 1. Null when
 * it is no code.
 */
export function normaliseRecoveryCode(typed: string): string | null {
  if (typed.length > 64) return null;
  const characters = typed.replaceAll(/[\s\p{Pd}\u2212]/gu, "");
  // Judged before the case changes, since upper case turns "ß" into "SS" and "ı" into "I".
  if (!/^[0-9A-Za-z]{10}$/.test(characters)) return null;
  const code = characters.toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return code.includes("U") ? null : code;
}

/** Each byte gives five of its bits: 256 is a multiple of 32, so no character is more frequent. */
function newCode(): string {
  let code = "";
  for (const byte of randomBytes(CHARACTERS)) code += ALPHABET.charAt(byte % ALPHABET.length);
  return `${code.slice(0, CHARACTERS / 2)}-${code.slice(CHARACTERS / 2)}`;
}

/** NUL is in neither part, so no two pairs of account and code share a text. */
function macInput(accountId: string, normalised: string): string {
  return `recovery-code\0${accountId}\0${normalised}`;
}
