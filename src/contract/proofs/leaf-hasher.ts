import type { BundledPart } from "./bundle.ts";
import { SALT_BYTES } from "./commitment.ts";
import { decodeHashInto } from "./hash-text.ts";
import { HASH_BYTES, type Sha256 } from "./merkle.ts";

/*
 * An entry's leaf from its parts, as contract/proofs/commitment.ts defines it (a test compares the two), written for
 * a million of them: everything is put together in buffers that are kept.
 */

const BLOCK_BYTES = 64;
const LABEL = new TextEncoder().encode("audit-part/v1\0");
/** Where a part's own bytes begin: behind the padded salt, the label and the kind. */
const TEXT_AT = BLOCK_BYTES + LABEL.length + 1;
const MAX_PARTS = 65_535;

export class LeafHasher {
  readonly #sha256: Sha256;
  readonly #encoder = new TextEncoder();
  readonly #salt = new Uint8Array(SALT_BYTES);
  readonly #outer = new Uint8Array(BLOCK_BYTES + HASH_BYTES);
  #inner = new Uint8Array(4096);
  #leaf = new Uint8Array(4096);

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** The hash of an entry's leaf; null for parts that are none. */
  hash(parts: readonly BundledPart[]): Uint8Array | null {
    if (parts.length > MAX_PARTS) return null;
    const isLong = parts.length > 255;
    const start = isLong ? 4 : 3;
    const length = start + parts.length * (1 + HASH_BYTES);
    if (this.#leaf.length < length) this.#leaf = new Uint8Array(length * 2);
    const leaf = this.#leaf;
    leaf[0] = 0;
    leaf[1] = isLong ? 3 : 1;
    if (isLong) leaf[2] = parts.length >>> 8;
    leaf[start - 1] = parts.length & 0xff;
    let at = start;
    for (const part of parts) {
      if (!this.#put(part, at)) return null;
      at += 1 + HASH_BYTES;
    }
    return this.#sha256(leaf.subarray(0, length));
  }

  /** Writes a part's kind and commitment. */
  #put(part: BundledPart, at: number): boolean {
    const { kind } = part;
    if (!Number.isInteger(kind) || kind < 0 || kind > 255) return false;
    this.#leaf[at] = kind;
    if (!("text" in part)) return decodeHashInto(part.commitment, this.#leaf, at + 1);
    if (typeof part.text !== "string" || !decodeHashInto(part.salt, this.#salt, 0)) return false;
    this.#leaf.set(this.#commit(kind, part.text), at + 1);
    return true;
  }

  #commit(kind: number, text: string): Uint8Array {
    // UTF-8 needs three bytes for a UTF-16 unit at most.
    const most = TEXT_AT + text.length * 3;
    if (this.#inner.length < most) this.#inner = new Uint8Array(most * 2);
    const inner = this.#inner;
    this.#pad(inner, 0x36);
    inner.set(LABEL, BLOCK_BYTES);
    inner[TEXT_AT - 1] = kind;
    const { written } = this.#encoder.encodeInto(text, inner.subarray(TEXT_AT));
    this.#pad(this.#outer, 0x5c);
    this.#outer.set(this.#sha256(inner.subarray(0, TEXT_AT + written)), BLOCK_BYTES);
    return this.#sha256(this.#outer);
  }

  /** HMAC's padded key (RFC 2104 §2). */
  #pad(target: Uint8Array, byte: number): void {
    for (let index = 0; index < SALT_BYTES; index++)
      target[index] = (this.#salt[index] as number) ^ byte;
    target.fill(byte, SALT_BYTES, BLOCK_BYTES);
  }
}
