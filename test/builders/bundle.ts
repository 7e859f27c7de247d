import { createHash, generateKeyPairSync } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DemoDice } from "../../src/demo/demo-dice.ts";
import { BUNDLE_FORMAT } from "../../src/contract/proofs/bundle.ts";
import { formatCheckpoint } from "../../src/contract/proofs/checkpoint.ts";
import { encodeBatchLeaf } from "../../src/contract/proofs/commitment.ts";
import { hashLeaf } from "../../src/contract/proofs/merkle.ts";
import { formatNote, formatVerifierKey } from "../../src/contract/proofs/note.ts";
import type { ReadTile } from "../../src/contract/proofs/tile-tree.ts";
import { TILE_WIDTH } from "../../src/contract/proofs/tiles.ts";
import { createKeyRing } from "../../src/platform/crypto/key-ring.ts";
import { encode, sealBatch, type BatchRow } from "../../src/record/entries/batch.ts";
import { decodeEntries } from "../../src/record/entries/entry-codec.ts";
import { addTile, type Bundled } from "../../src/record/proofs/bundle-batches.ts";
import { visibleEntry, type ReaderScope } from "../../src/record/search/visible-entry.ts";
import { BatchCommitter } from "../../src/record/sequencer/commit-batch.ts";
import { LogSigner } from "../../src/record/sequencer/log-key.ts";
import { LogTree, sha256 } from "../../src/record/sequencer/log-tree.ts";

/*
 * A bundle of any size, without a database: batches, seals, leaves, tree and lines are made by the code that makes
 * the real ones.
 */

const ORIGIN = "bench.example.test/audit/1";
const APP = "01890000-0000-7000-8000-000000000001";
const ACCOUNT = "01890000-0000-7000-8000-000000000002";
const SCOPE: ReaderScope = { accountId: null, apps: new Set([APP]) };
const START_MS = Date.UTC(2026, 2, 1);

export type MadeBundle = {
  /** Verifier key. */
  key: string;
  batches: number;
  entries: number;
};

/** @param most entries in a batch; about a third hold one, as changes do. */
export async function writeBundle(
  path: string,
  { entries, most = 60, seed = 1 }: { entries: number; most?: number; seed?: number },
): Promise<MadeBundle> {
  const maker = new BundleMaker({ entries, most, seed });
  await pipeline(Readable.from(maker.lines(), { objectMode: false }), createWriteStream(path));
  return { key: maker.key, batches: maker.counts.length, entries };
}

class BundleMaker {
  readonly #keyRing = createKeyRing({ current: Buffer.alloc(32, 7), previous: [] });
  readonly #signer = new LogSigner(
    generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  );
  readonly #committer = new BatchCommitter();
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #leaves: readonly Buffer[];
  readonly #tree = new LogTree(0, []);
  /** Entries of each batch. */
  readonly counts: number[];

  constructor({ entries, most, seed }: { entries: number; most: number; seed: number }) {
    this.counts = countsOf({ entries, most, seed });
    this.#leaves = this.counts.map((_, number) => this.#leafOf(number));
    const hashes = this.#leaves.map((leaf) => Buffer.from(hashLeaf(sha256, leaf)));
    for (const { level, n, hashes: tile } of this.#tree.append(hashes))
      this.#tiles.set(`${level}/${n}`, tile);
  }

  get key(): string {
    return formatVerifierKey(this.#signer.verifierKey(ORIGIN));
  }

  async *lines(): AsyncGenerator<string> {
    const text = formatCheckpoint({
      origin: ORIGIN,
      size: this.#tree.size,
      root: this.#tree.root(),
    });
    const checkpoint = formatNote({ text, signatures: [this.#signer.sign(ORIGIN, text)] });
    const logs = [{ key: this.key, checkpoint }];
    const madeAt = new Date(START_MS).toISOString();
    yield line({ type: "bundle", format: BUNDLE_FORMAT, madeAt, asked: {}, logs });
    const total = { batches: 0, entries: 0, unproven: 0 };
    for (let from = 0; from < this.counts.length; from += TILE_WIDTH) {
      const bundled = await this.#tile(from);
      total.batches += bundled.batches;
      total.entries += bundled.entries;
      yield bundled.lines.map(line).join("");
    }
    yield line({ type: "end", ...total });
  }

  #leafOf(number: number): Buffer {
    const batch = this.#batch(number);
    const root = this.#committer.rootOf(batch, seedOf(number));
    return Buffer.from(encodeBatchLeaf({ verdict: 0, count: batch.count, root }));
  }

  async #tile(from: number): Promise<Bundled> {
    const bundled: Bundled = { lines: [], batches: 0, entries: 0, unproven: [] };
    const inTile = this.counts.slice(from, from + TILE_WIDTH).map((_, at) => {
      const number = from + at;
      const batch = this.#batch(number);
      const entries = decodeEntries(batch.payload).flatMap(
        (entry, position) => visibleEntry(SCOPE, batch, { position, entry }) ?? [],
      );
      const leaf = this.#leaves[number];
      if (leaf === undefined) throw new Error("each batch has its leaf");
      return {
        leaf: { index: number, leaf, seed: seedOf(number), openings: null },
        batch,
        entries,
      };
    });
    const read: ReadTile = async ({ level, n, width }) =>
      (this.#tiles.get(`${level}/${n}`) ?? Buffer.alloc(0)).subarray(0, width * 32);
    await addTile(bundled, { inTile, scope: SCOPE, log: 0, size: this.#tree.size, read });
    return bundled;
  }

  #batch(number: number): BatchRow {
    const at = new Date(START_MS + number * 20);
    const count = this.counts[number] ?? 0;
    const entries = Array.from({ length: count }, (_, position) =>
      encode({
        at,
        action: count === 1 ? "grant.changed" : "decision.made",
        outcome: "done",
        actor: { kind: "api-key", accountId: ACCOUNT, credentialId: "k7Zq1mXw9aBc" },
        organisationId: APP,
        appId: APP,
        targets: [{ type: "key", id: "k7Zq1mXw9aBd", accountId: ACCOUNT }],
        address: "192.0.2.7",
        userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        requestId: `9pCq0bYyZx3A-${number.toString(36)}-${position}`,
        ...(count === 1 && { change: { before: { role: "editor" }, after: { role: "admin" } } }),
      }),
    );
    return sealBatch(
      this.#keyRing,
      { day: "2026-03-01", writer: 1, number: number + 1 },
      { at, entries },
    );
  }
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** Salts need not be secret here, and come out the same twice. */
const seedOf = (number: number): Buffer => createHash("sha256").update(String(number)).digest();

function countsOf({
  entries,
  most,
  seed,
}: {
  entries: number;
  most: number;
  seed: number;
}): number[] {
  const dice = new DemoDice(seed);
  const counts: number[] = [];
  for (let left = entries; left > 0;) {
    const count = Math.min(left, dice.roll() < 1 / 3 ? 1 : 1 + Math.floor(dice.roll() * most));
    counts.push(count);
    left -= count;
  }
  return counts;
}
