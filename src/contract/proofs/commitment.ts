import { concat, u16, u32, utf8 } from "./bytes.ts";
import { HASH_BYTES, type Sha256 } from "./merkle.ts";

/*
 * What the log commits to. An entry is parts, each hidden by a salt of its own: without the salt nobody
 * can try what a part may say, with it anybody can check what it says, and once part and salt are gone
 * nothing is left of either.
 */

/** Kinds of parts, by the first character of a line of a batch's payload; `h` is the batch's own head. */
export const partKinds = { c: 1, a: 2, t: 3, x: 4, d: 5, h: 6 } as const;

export type PartKind = keyof typeof partKinds;

export const SALT_BYTES = 32;

const LABEL = utf8("audit-part/v1\0");
const BLOCK_BYTES = 64;

/** HMAC-SHA-256 (RFC 2104) under the salt; the salt's fixed length leaves no two keys with one meaning. */
export function commitTo(
  sha256: Sha256,
  { kind, salt, bytes }: { kind: number; salt: Uint8Array; bytes: Uint8Array },
): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new RangeError("a salt has 32 bytes");
  const pad = (byte: number): Uint8Array => {
    const block = new Uint8Array(BLOCK_BYTES).fill(byte);
    for (let index = 0; index < SALT_BYTES; index++) block[index] = (salt[index] ?? 0) ^ byte;
    return block;
  };
  const inner = sha256(concat(pad(0x36), LABEL, Uint8Array.of(kind), bytes));
  return sha256(concat(pad(0x5c), inner));
}

/** Salt of a part of a batch, from the batch's seed (32 random bytes): one hash, of a fixed length. */
export const saltOf = (
  sha256: Sha256,
  seed: Uint8Array,
  { entry, part }: { entry: number; part: number },
): Uint8Array => sha256(concat(seed, u32(entry), u32(part)));

export type Committed = { kind: number; commitment: Uint8Array };

const ENTRY_LEAF = 0x01;
/** An entry with more parts than one byte counts: "remove from everything" has many targets. */
const LONG_ENTRY_LEAF = 0x03;
const MAX_PARTS = 65_535;

/** A leaf of a batch's tree: the commitments of an entry's parts, in their order. */
export function entryLeaf(parts: readonly Committed[]): Uint8Array {
  if (parts.length > MAX_PARTS) throw new RangeError(`an entry has at most ${MAX_PARTS} parts`);
  const head =
    parts.length < 256
      ? Uint8Array.of(ENTRY_LEAF, parts.length)
      : concat(Uint8Array.of(LONG_ENTRY_LEAF), u16(parts.length));
  return concat(
    head,
    ...parts.flatMap(({ kind, commitment }) => [Uint8Array.of(kind), commitment]),
  );
}

const BATCH_LEAF = 0x02;

/** What the sequencer found when it took a batch. */
export const verdicts = {
  /** Its MAC fits. */
  asWritten: 0,
  /** It is not as it was written, or was written with a key that is not ours: kept as it was found. */
  altered: 1,
} as const;

export type BatchLeaf = {
  verdict: number;
  /** Entries in it. */
  count: number;
  /** Root over the batch's head and its entries, in their order. */
  root: Uint8Array;
};

/** A leaf of the public log: nothing of anybody. */
export const encodeBatchLeaf = ({ verdict, count, root }: BatchLeaf): Uint8Array =>
  concat(Uint8Array.of(BATCH_LEAF, verdict), u32(count), root);

/** Null for another kind of leaf. */
export function decodeBatchLeaf(leaf: Uint8Array): BatchLeaf | null {
  if (leaf[0] !== BATCH_LEAF || leaf.length !== 6 + HASH_BYTES) return null;
  const view = new DataView(leaf.buffer, leaf.byteOffset);
  return { verdict: leaf[1] ?? 0, count: view.getUint32(2), root: leaf.slice(6) };
}

const LINK_LEAF = 0x05;

/**
 * First leaf of a log that goes on under a new name.
 *
 * @param checkpoint SHA-256 of the text of the last checkpoint that was signed under the former name.
 */
export const encodeLinkLeaf = (checkpoint: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(LINK_LEAF), checkpoint);
