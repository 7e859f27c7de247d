import { areEqual } from "./bytes.ts";
import type { BundledPart } from "./bundle.ts";
import {
  isEntryId,
  isPlace,
  json,
  readBatch,
  readLeaves,
  readParts,
  type Batch,
  type Head,
  type Leaf,
  type Line,
} from "./bundle-lines.ts";
import { rootOfBatch, rootOfLeaves } from "./bundle-trees.ts";
import { partKinds, verdicts } from "./commitment.ts";
import { LeafHasher } from "./leaf-hasher.ts";
import { openBundle, type BundleKeys, type OpenedBundle } from "./open-bundle.ts";
import { SeenNumbers } from "./seen-numbers.ts";
import type { ProofCrypto } from "./verify-log.ts";

export type BundleToVerify = BundleKeys & {
  /** The file's lines, in pieces of any size. */
  lines: AsyncIterable<readonly string[]>;
};

export type BundleReport = OpenedBundle & {
  batches: number;
  entries: number;
  /** Parts whose text was checked, those not shown, and those of them that were erased. */
  parts: { shown: number; closed: number; erased: number };
  /** When the oldest and the newest batch were written, RFC 3339; null where there is none. */
  oldest: string | null;
  newest: string | null;
  /** Entries whose batch had been altered before it came into the log, and the first of them. */
  altered: { entries: number; first: string | null };
  /** Entries that the log's heads do not cover yet: they are not in the bundle. */
  unproven: number;
  /** Missing numbers of batches that the bundle tells of. */
  gaps: { batches: number; newest: { writer: number; number: number } | null };
};

/** What is wrong with a bundle, and with which entry first. */
export class BundleFault extends Error {
  override readonly name = "BundleFault";
  /** Null where it is not about an entry: head, end, what can't be read. */
  readonly entry: string | null;
  /** Counted from 1. */
  readonly line: number;

  constructor(message: string, { entry, line }: { entry: string | null; line: number }) {
    super(message);
    this.entry = entry;
    this.line = line;
  }
}

/**
 * Checks a bundle line by line, in constant memory: that its heads are signed, that each of its batches is a leaf
 * below them, and that each entry stands in its batch and says what was committed to.
 *
 * @throws {BundleFault} naming the first entry at fault; {LogFault} for a head that does not hold.
 */
export async function verifyBundle(
  crypto: ProofCrypto,
  { lines, ...given }: BundleToVerify,
): Promise<BundleReport> {
  let check: BundleCheck | null = null;
  for await (const piece of lines)
    for (const text of piece)
      if (check === null)
        check = new BundleCheck(crypto, await openBundle(crypto, json(text), given));
      else check.take(text);
  if (check === null) throw new BundleFault("The bundle is empty.", { entry: null, line: 1 });
  return check.end();
}

const NONE: Batch = {
  head: { id: "", writer: 0, number: 0, at: "", salt: "", text: "" },
  positions: [],
  hashes: [],
  hidden: [],
};

const isRoot = (found: Uint8Array | null, root: Uint8Array | undefined): boolean =>
  found !== null && root !== undefined && areEqual(found, root);

class BundleCheck {
  readonly #crypto: ProofCrypto;
  readonly #logs: { size: number; root: Uint8Array; seen: SeenNumbers }[];
  readonly #hasher: LeafHasher;
  readonly #report: BundleReport;
  readonly #seenBatches = new Map<number, SeenNumbers>();
  /** Leaves whose batches are to come. */
  #leaves: Leaf[] = [];
  /** The batch whose entries are coming. */
  #batch: Batch & { verdict: number } = { ...NONE, verdict: 0 };
  /** Position of the next entry among the batch's. */
  #next = 0;
  #line = 1;
  #last: string | null = null;
  #isEnded = false;
  /** Found where no entry was named yet: told with the next one that is. */
  #pending: string | null = null;

  constructor(crypto: ProofCrypto, opened: OpenedBundle) {
    this.#crypto = crypto;
    this.#hasher = new LeafHasher(crypto.sha256);
    this.#logs = opened.logs.map(({ checkpoint: { size, root } }) => ({
      size,
      root,
      seen: new SeenNumbers(),
    }));
    this.#report = {
      ...opened,
      batches: 0,
      entries: 0,
      parts: { shown: 0, closed: 0, erased: 0 },
      oldest: null,
      newest: null,
      altered: { entries: 0, first: null },
      unproven: 0,
      gaps: { batches: 0, newest: null },
    };
  }

  take(text: string): void {
    this.#line += 1;
    const parsed = json(text);
    if (typeof parsed !== "object" || parsed === null) throw this.#fault("can't be read");
    const line = parsed as Line;
    if (this.#isEnded) throw this.#fault("stands behind the bundle's end");
    if (line.type === "entry") this.#takeEntry(line);
    else if (this.#pending === null) this.#takeOther(line);
  }

  end(): BundleReport {
    if (this.#pending !== null) throw this.#about(this.#pending, null);
    if (!this.#isEnded)
      throw this.#about(
        `The bundle breaks off${this.#last === null ? "" : ` after ${this.#last}`}: it is not whole.`,
        this.#last,
      );
    return this.#report;
  }

  #takeOther(line: Line): void {
    if (line.error !== undefined)
      throw this.#about(
        `The export broke off (${String(line.error.code)}): the bundle is not whole.`,
        this.#last,
      );
    if (line.type === "batch") return this.#takeBatch(line);
    this.#requireWhole();
    switch (line.type) {
      case "leaves":
        return this.#takeLeaves(line);
      case "unproven":
        if (!Array.isArray(line.ids)) throw this.#fault("can't be read");
        this.#report.unproven += line.ids.length;
        return;
      case "gaps":
        return this.#takeGaps(line);
      case "end":
        return this.#takeEnd(line);
      default:
        throw this.#fault("is of no known type");
    }
  }

  /** Whatever was announced has come. */
  #requireWhole(): void {
    if (this.#leaves.length > 0 || this.#next < this.#batch.positions.length)
      throw this.#about(`An entry is missing after ${this.#last ?? "the start"}.`, this.#last);
  }

  #takeLeaves(line: Line): void {
    const read = readLeaves(line);
    const log = read === null ? undefined : this.#logs[read.log];
    if (read === null || log === undefined) throw this.#fault("can't be read");
    const { leaves } = read;
    const indices = leaves.map(({ index }) => index);
    if (!isRoot(rootOfLeaves(this.#crypto.sha256, read, log.size), log.root))
      this.#pending = `Of the leaves ${indices[0]} to ${indices.at(-1)} one is not the one that was signed.`;
    for (const index of indices)
      if (log.seen.add(index)) this.#pending ??= `Leaf ${index} stands twice in the bundle.`;
    this.#leaves = leaves;
  }

  #takeBatch(line: Line): void {
    if (this.#next < this.#batch.positions.length) this.#requireWhole();
    const leaf = this.#leaves.shift();
    if (leaf === undefined) throw this.#fault("is a batch of no leaf");
    const batch = readBatch(line);
    if (batch === null) throw this.#fault("can't be read");
    this.#batch = { ...batch, verdict: leaf.verdict };
    this.#next = 0;
    const { head } = batch;
    this.#pending = this.#faultOf(batch, leaf);
    if (this.#seenBatch(head)) this.#pending ??= `Batch ${head.id} stands twice in the log.`;
    this.#report.batches += 1;
    this.#note(head.at);
  }

  #faultOf(batch: Batch, leaf: Leaf): string | null {
    const { head, hashes } = batch;
    if (!isRoot(rootOfBatch(this.#crypto.sha256, batch, leaf.count), leaf.root))
      return `Batch ${head.id} does not have the root that was signed.`;
    const { salt, text } = head;
    return isRoot(this.#hasher.hash([{ kind: partKinds.h, salt, text }]), hashes[0])
      ? null
      : `The head of batch ${head.id} is not the one that was signed.`;
  }

  /** A writer has no number twice. */
  #seenBatch({ writer, number }: Head): boolean {
    let seen = this.#seenBatches.get(writer);
    if (seen === undefined) {
      seen = new SeenNumbers();
      this.#seenBatches.set(writer, seen);
    }
    return seen.add(number);
  }

  #note(at: string): void {
    const { oldest, newest } = this.#report;
    if (oldest === null || at < oldest) this.#report.oldest = at;
    if (newest === null || at > newest) this.#report.newest = at;
  }

  #takeEntry({ id, parts }: Line): void {
    const named = isEntryId(id) ? id : null;
    if (this.#pending !== null) throw this.#about(this.#pending, named);
    const { head, positions, hashes } = this.#batch;
    const position = positions[this.#next];
    if (position === undefined)
      throw this.#about(`${named ?? "An entry"} is in no batch of the bundle.`, named);
    const expected = `${head.id}-${position}`;
    if (id !== expected)
      throw this.#about(`Where ${expected} should stand, there is ${named ?? "none"}.`, expected);
    const told = readParts(parts);
    this.#next += 1;
    if (!isRoot(this.#hasher.hash(told), hashes[this.#next]))
      throw this.#about(`${expected} does not say what was signed.`, expected);
    this.#last = expected;
    this.#count(expected, told);
  }

  #count(id: string, parts: readonly BundledPart[]): void {
    this.#report.entries += 1;
    for (const part of parts)
      if ("text" in part) this.#report.parts.shown += 1;
      else {
        this.#report.parts.closed += 1;
        if (part.erased === true) this.#report.parts.erased += 1;
      }
    if (this.#batch.verdict === verdicts.asWritten) return;
    this.#report.altered.entries += 1;
    this.#report.altered.first ??= id;
  }

  #takeGaps({ batches }: Line): void {
    if (!Array.isArray(batches) || !batches.every(isPlace)) throw this.#fault("can't be read");
    this.#report.gaps.batches += batches.length;
    this.#report.gaps.newest ??= batches[0] ?? null;
  }

  #takeEnd(end: Line): void {
    const { batches, entries, unproven } = this.#report;
    if (end.batches !== batches || end.entries !== entries || end.unproven !== unproven)
      throw this.#about(
        `The bundle says that it holds ${String(end.entries)} entries, and holds ${entries}.`,
        this.#last,
      );
    this.#isEnded = true;
  }

  #fault(what: string): BundleFault {
    return this.#about(`Line ${this.#line} ${what}.`, this.#last);
  }

  #about(message: string, entry: string | null): BundleFault {
    return new BundleFault(message, { entry, line: this.#line });
  }
}
