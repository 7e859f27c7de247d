import { concat, fromBase64, toBase64, u16, utf8 } from "./bytes.ts";
import { partKinds, type PartKind } from "./commitment.ts";
import { HASH_BYTES } from "./merkle.ts";

/*
 * A receipt: the log's signed promise that an entry will stand in it. What is not known when it is given, salts
 * and leaf, is not in it; the entry's id, its batch's head and its text are. Layout: docs/proofs.md.
 */

/** An entry stands in the log, under a signed head, so long after its receipt at the latest, ms. */
export const MAX_MERGE_DELAY_MS = 60_000;

/** Kind of the commitment to an entry's whole text (contract/proofs/commitment.ts has those of parts). */
export const CONTENT_KIND = 7;

/** No signed note holds a NUL, so nothing that is signed as a receipt can be read as a checkpoint. */
const LABEL = utf8("sallyport-receipt/v1\0");
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;

export type Receipt = {
  /** Name of the log when the promise was made. */
  origin: string;
  /** The entry's id. */
  entry: string;
  /** SHA-256 of the head of its batch, as proofs show it. */
  headHash: Uint8Array;
  /** SHA-256 of the salt of `content`: a proof that brings another one opens nothing, and shows no broken promise. */
  saltHash: Uint8Array;
  /** Commitment to the entry's text (`entryText`), under a salt that a proof shows with the whole entry. */
  content: Uint8Array;
  atMs: number;
};

export type SignedReceipt = {
  receipt: Receipt;
  /** What is signed. */
  message: Uint8Array;
  keyId: Uint8Array;
  signature: Uint8Array;
};

/** The bytes that are signed. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { headHash, saltHash, content } = receipt;
  const texts = [receipt.origin, receipt.entry].map(utf8);
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(receipt.atMs));
  const named = texts.flatMap((text) => [u16(text.length), text]);
  return concat(LABEL, ...named, headHash, saltHash, content, time);
}

/** The receipt as a header's value and in a file: base64 of message, key id and signature. */
export const formatReceipt = ({
  message,
  keyId,
  signature,
}: Omit<SignedReceipt, "receipt">): string => toBase64(concat(message, keyId, signature));

/** Nothing in it is proven; null for what is no receipt. */
export function parseReceipt(text: string): SignedReceipt | null {
  const bytes = fromBase64(text.trim());
  if (bytes === null) return null;
  const end = bytes.length - KEY_ID_BYTES - SIGNATURE_BYTES;
  const receipt = end > 0 ? decodeReceipt(bytes.subarray(0, end)) : null;
  if (receipt === null) return null;
  return {
    receipt,
    message: bytes.slice(0, end),
    keyId: bytes.slice(end, end + KEY_ID_BYTES),
    signature: bytes.slice(end + KEY_ID_BYTES),
  };
}

function decodeReceipt(message: Uint8Array): Receipt | null {
  const reader = new Reader(message);
  if (!LABEL.every((byte, at) => message[at] === byte)) return null;
  reader.take(LABEL.length);
  const origin = reader.takeText();
  const entry = reader.takeText();
  const headHash = reader.take(HASH_BYTES);
  const saltHash = reader.take(HASH_BYTES);
  const content = reader.take(HASH_BYTES);
  const time = reader.take(TIME_BYTES);
  if (!reader.isAtEnd || origin === null || entry === null || time === null) return null;
  if (headHash === null || saltHash === null || content === null) return null;
  const atMs = Number(new DataView(time.buffer, time.byteOffset).getBigUint64(0));
  return Math.abs(atMs) <= MAX_TIME_MS
    ? { origin, entry, headHash, saltHash, content, atMs }
    : null;
}

/** The last instant that a Date can say, ms. */
const MAX_TIME_MS = 8.64e15;

/** Takes pieces from the front; null beyond the end, and from then on. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array | null {
    const piece = this.#bytes.slice(this.#at, this.#at + length);
    this.#at += length;
    return piece.length === length ? piece : null;
  }

  /** Behind its length, two bytes. */
  takeText(): string | null {
    const length = this.take(2);
    const text = length === null ? null : this.take((length[0] ?? 0) * 256 + (length[1] ?? 0));
    try {
      return text === null ? null : new TextDecoder("utf-8", { fatal: true }).decode(text);
    } catch {
      return null;
    }
  }
}

const letters: ReadonlyMap<number, string> = new Map(
  (Object.keys(partKinds) as PartKind[]).map((letter) => [partKinds[letter], letter]),
);

/** An entry's text, from its parts: each behind its kind's letter, on a line of its own. */
export const entryText = (parts: readonly { kind: number; text: string }[]): string =>
  parts.map(({ kind, text }) => `${letters.get(kind) ?? "?"}${text}`).join("\n");
