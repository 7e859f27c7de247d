import { hash } from "node:crypto";
import { partKinds, SALT_BYTES, type PartKind } from "../../contract/proofs/commitment.ts";
import { HASH_BYTES, largestPowerBelow } from "../../contract/proofs/merkle.ts";
import type { BatchRow } from "../entries/batch.ts";

/*
 * The root of a batch, as contract/proofs defines it (a test compares the two), written for speed: the
 * sequencer computes a dozen and a half hashes for each entry. Digests pass as binary (latin1) text, which Node
 * hands over four times as fast as a Buffer, and everything is put together in buffers that are kept.
 */

const BLOCK_BYTES = 64;
const LABEL = Buffer.from("audit-part/v1\0", "binary");
const LINE_FEED = 0x0a;
const [CORE, HEAD] = [partKinds.c, partKinds.h];

/** The batch's own part, first in its tree: which batch it is, without whom it touches. */
export const headOf = ({ day, writer, number, class: entryClass, at, count }: BatchRow): string =>
  JSON.stringify({ day, writer, number, class: entryClass, at: at.toISOString(), count });

type Line = { kind: number; from: number; to: number };

/** Keeps its buffers: one for all batches of a process. */
export class BatchCommitter {
  readonly #salted = Buffer.alloc(SALT_BYTES + 8);
  readonly #outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  #inner = Buffer.alloc(4096);
  #leaf = Buffer.alloc(4096);

  /**
   * @param seed 32 random bytes, this batch's alone.
   * @param isAltered somebody changed the batch: if it reads as no entries any more, it is committed to as
   *   it was found, in one part.
   * @throws {Error} for a payload that is none of ours, unless it is altered.
   */
  rootOf(batch: BatchRow, seed: Buffer, { isAltered = false } = {}): Buffer {
    const leaves = this.leavesOf(batch, seed, { isAltered });
    return Buffer.from(this.#rootOf(leaves, 0, leaves.length), "binary");
  }

  /** Hashes of the batch's leaves, its head first, as binary text. @throws as `rootOf` does. */
  leavesOf(batch: BatchRow, seed: Buffer, { isAltered = false } = {}): string[] {
    seed.copy(this.#salted);
    const head = Buffer.from(headOf(batch), "utf8");
    const headLine = { kind: HEAD, from: 0, to: head.length };
    const leaves = [this.#leafOf(head, [headLine], 0)];
    for (const lines of isAltered ? foundIn(batch.payload) : entriesOf(batch.payload))
      leaves.push(this.#leafOf(batch.payload, lines, leaves.length));
    return leaves;
  }

  /** Hash of an entry's leaf. */
  #leafOf(payload: Buffer, lines: readonly Line[], entry: number): string {
    const isLong = lines.length > 255;
    const start = isLong ? 4 : 3;
    const length = start + lines.length * (1 + HASH_BYTES);
    if (this.#leaf.length < length) this.#leaf = Buffer.alloc(length * 2);
    const leaf = this.#leaf;
    leaf[0] = 0;
    leaf[1] = isLong ? 3 : 1;
    if (isLong) leaf.writeUInt16BE(lines.length, 2);
    else leaf[2] = lines.length;
    let at = start;
    for (let part = 0; part < lines.length; part++) {
      const line = lines[part] as Line;
      leaf[at] = line.kind;
      leaf.write(this.#commit(payload, line, { entry, part }), at + 1, "latin1");
      at += 1 + HASH_BYTES;
    }
    return hash("sha256", leaf.subarray(0, length), "binary");
  }

  #commit(
    payload: Buffer,
    { kind, from, to }: Line,
    { entry, part }: { entry: number; part: number },
  ): string {
    this.#salted.writeUInt32BE(entry, SALT_BYTES);
    this.#salted.writeUInt32BE(part, SALT_BYTES + 4);
    const salt = hash("sha256", this.#salted, "binary");
    const size = BLOCK_BYTES + LABEL.length + 1;
    const length = size + to - from;
    if (this.#inner.length < length) this.#inner = Buffer.alloc(length * 2);
    this.#pad(this.#inner, salt, 0x36);
    LABEL.copy(this.#inner, BLOCK_BYTES);
    this.#inner[size - 1] = kind;
    payload.copy(this.#inner, size, from, to);
    const inner = hash("sha256", this.#inner.subarray(0, length), "binary");
    this.#pad(this.#outer, salt, 0x5c);
    this.#outer.write(inner, BLOCK_BYTES, "latin1");
    return hash("sha256", this.#outer, "binary");
  }

  /** HMAC's padded key. */
  #pad(target: Buffer, salt: string, byte: number): void {
    target.write(salt, 0, "latin1");
    for (let index = 0; index < SALT_BYTES; index++) target[index] = (target[index] ?? 0) ^ byte;
    target.fill(byte, SALT_BYTES, BLOCK_BYTES);
  }

  #rootOf(hashes: readonly string[], from: number, to: number): string {
    if (to - from === 1) return hashes[from] as string;
    const split = from + largestPowerBelow(to - from);
    const left = this.#rootOf(hashes, from, split);
    const right = this.#rootOf(hashes, split, to);
    this.#node.write(left, 1, "latin1");
    this.#node.write(right, 1 + HASH_BYTES, "latin1");
    return hash("sha256", this.#node, "binary");
  }
}

function foundIn(payload: Buffer): Line[][] {
  try {
    return entriesOf(payload);
  } catch {
    return [[{ kind: partKinds.d, from: 0, to: payload.length }]];
  }
}

/** A part of an entry, as it was written. */
export type Part = { kind: number; text: string };

/** The parts of each entry, for whoever shows them. @throws {Error} for a payload that is none of ours. */
export const partsIn = (payload: Buffer): Part[][] =>
  entriesOf(payload).map((lines) =>
    lines.map(({ kind, from, to }) => ({ kind, text: payload.toString("utf8", from, to) })),
  );

/**
 * The lines of each entry of a payload, in order; each entry begins with its core.
 *
 * @throws {Error} for anything else.
 */
function entriesOf(payload: Buffer): Line[][] {
  const entries: Line[][] = [];
  for (let from = 0; from < payload.length;) {
    const end = payload.indexOf(LINE_FEED, from);
    const to = end === -1 ? payload.length : end;
    const kind = partKinds[String.fromCharCode(payload[from] ?? 0) as PartKind] as
      | number
      | undefined;
    if (kind === undefined || kind === HEAD) throw new Error("a part of no known kind");
    const line = { kind, from: from + 1, to };
    const entry = entries.at(-1);
    if (kind === CORE) entries.push([line]);
    else if (entry === undefined) throw new Error("an entry without its core");
    else entry.push(line);
    from = to + 1;
  }
  return entries;
}
