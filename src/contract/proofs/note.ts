import { areEqual, concat, fromBase64, fromHex, toBase64, toHex, utf8 } from "./bytes.ts";
import type { Sha256 } from "./merkle.ts";

/*
 * Signed notes, C2SP signed-note v1.0.0: a text, an empty line, and a line for each signature.
 */

/** Type bytes of the specification. */
export const ED25519 = 0x01;
export const COSIGNATURE_V1 = 0x04;

const KEY_ID_BYTES = 4;
const ED25519_KEY_BYTES = 32;
/** More than the 16 that every verifier must take; a note with more is nobody's. */
const MAX_SIGNATURES = 64;
/** Control characters but the line feed. */
// eslint-disable-next-line no-control-regex -- just these are forbidden
const FORBIDDEN = /[\0-\t\v-\x1F]/;
const NAME = /^[^\s+]+$/u;

export type NoteSignature = {
  name: string;
  keyId: Uint8Array;
  signature: Uint8Array;
};

/** A note as it was sent; nothing in it is proven. */
export type Note = { text: string; signatures: readonly NoteSignature[] };

/** Whoever's signatures are known: log or witness. */
export type VerifierKey = { name: string; type: number; keyId: Uint8Array; publicKey: Uint8Array };

/** The key's id: the first 4 bytes of a hash over name, type and key. */
export function keyIdOf(
  sha256: Sha256,
  { name, type, publicKey }: Pick<VerifierKey, "name" | "type" | "publicKey">,
): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, KEY_ID_BYTES);
}

/** `name+id+key`, as witnesses and monitors are given it. */
export function formatVerifierKey({ name, type, keyId, publicKey }: VerifierKey): string {
  return `${name}+${toHex(keyId)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Null for what is none, or whose id is not that of its key. */
export function parseVerifierKey(sha256: Sha256, text: string): VerifierKey | null {
  const match = /^([^\s+]+)\+([\da-f]{8})\+([A-Za-z\d+/=]+)$/u.exec(text);
  if (match === null) return null;
  const [name, id, base64] = match.slice(1) as [string, string, string];
  const keyId = fromHex(id);
  const bytes = fromBase64(base64);
  if (keyId === null || bytes === null) return null;
  const key = { name, type: bytes[0] ?? 0, keyId, publicKey: bytes.slice(1) };
  return hasWholeKey(key) && areEqual(keyIdOf(sha256, key), keyId) ? key : null;
}

/** Of types that are not known nothing can be said. */
const hasWholeKey = ({ type, publicKey }: VerifierKey): boolean =>
  (type !== ED25519 && type !== COSIGNATURE_V1) || publicKey.length === ED25519_KEY_BYTES;

/** Null for what is no signed note. */
export function parseNote(source: string): Note | null {
  if (FORBIDDEN.test(source) || !source.isWellFormed()) return null;
  // The text may hold empty lines: the last one parts it from the signatures.
  const split = source.lastIndexOf("\n\n");
  if (split < 0 || !source.endsWith("\n")) return null;
  const text = source.slice(0, split + 1);
  const lines = source.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return null;
  const signatures = lines.map(parseSignature);
  return signatures.every((signature) => signature !== null) ? { text, signatures } : null;
}

function parseSignature(line: string): NoteSignature | null {
  const match = /^\u2014 (\S+) (\S+)$/u.exec(line);
  const bytes = fromBase64(match?.[2] ?? "");
  const name = match?.[1];
  if (name === undefined || !NAME.test(name) || bytes === null || bytes.length <= KEY_ID_BYTES)
    return null;
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(concat(keyId, signature))}\n`;
}

/** @param text ends in a line feed. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatSignature).join("")}`;
}

/** The signatures of a note that claim to be of this key. */
export const signaturesBy = ({ signatures }: Note, key: VerifierKey): NoteSignature[] =>
  signatures.filter(({ name, keyId }) => name === key.name && areEqual(keyId, key.keyId));

/** What an Ed25519 signature of the key signs; null for a type that is not known. */
export function signedMessage(
  key: VerifierKey,
  { text }: Note,
  { signature }: NoteSignature,
): { message: Uint8Array; signature: Uint8Array; atSeconds?: number } | null {
  if (key.type === ED25519) return { message: utf8(text), signature };
  if (key.type !== COSIGNATURE_V1 || signature.length !== 8 + 64) return null;
  const view = new DataView(signature.buffer, signature.byteOffset);
  const atSeconds = Number(view.getBigUint64(0));
  return {
    message: cosignedMessage(text, atSeconds),
    signature: signature.slice(8),
    atSeconds,
  };
}

/** C2SP tlog-cosignature v1: does not name the cosigner, so no two may share a key. */
export const cosignedMessage = (text: string, atSeconds: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${atSeconds}\n${text}`);
