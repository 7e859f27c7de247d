import { hash, randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { utf8 } from "../../contract/proofs/bytes.ts";
import { commitTo, entryLeaf, partKinds, saltOf } from "../../contract/proofs/commitment.ts";
import { hashLeaf, rootOf } from "../../contract/proofs/merkle.ts";
import { createKeyRing } from "../../platform/crypto/key-ring.ts";
import { encode, sealBatch, type BatchRow } from "../entries/batch.ts";
import { BatchCommitter, headOf } from "./commit-batch.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");
const keyRing = createKeyRing({ current: randomBytes(32), previous: [] });
const at = new Date("2026-03-01T00:00:00.000Z");

/** The root as contract/proofs defines it, without any thought of speed. */
function plainRoot(batch: BatchRow, seed: Uint8Array): string {
  const entries: { kind: number; bytes: Uint8Array }[][] = [
    [{ kind: partKinds.h, bytes: utf8(headOf(batch)) }],
  ];
  for (const line of batch.payload.toString("utf8").split("\n")) {
    if (line === "") continue;
    const part = {
      kind: partKinds[line.charAt(0) as keyof typeof partKinds],
      bytes: utf8(line.slice(1)),
    };
    if (part.kind === partKinds.c) entries.push([part]);
    else entries.at(-1)?.push(part);
  }
  const leaves = entries.map((parts, entry) =>
    hashLeaf(
      sha256,
      entryLeaf(
        parts.map(({ kind, bytes }, part) => ({
          kind,
          commitment: commitTo(sha256, {
            kind,
            bytes,
            salt: saltOf(sha256, seed, { entry, part }),
          }),
        })),
      ),
    ),
  );
  return Buffer.from(rootOf(sha256, leaves)).toString("hex");
}

const batchOf = (entries: Parameters<typeof anEntry>[0][]): BatchRow =>
  sealBatch(
    keyRing,
    { day: "2026-03-01", writer: 7, number: 9 },
    { at, entries: entries.map((entry) => encode(anEntry({ at, ...entry }))) },
  );

test("a batch's root is the one that verifiers compute, whatever its entries say", () => {
  const committer = new BatchCommitter();
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          reason: fc.option(fc.string({ unit: "binary", maxLength: 300 }), { nil: undefined }),
          targets: fc.array(fc.record({ type: fc.string(), id: fc.string({ unit: "binary" }) }), {
            maxLength: 12,
          }),
          change: fc.option(fc.record({ after: fc.jsonValue() }), { nil: undefined }),
        }),
        { maxLength: 40 },
      ),
      (entries) => {
        const batch = batchOf(entries);
        const seed = randomBytes(32);
        expect(committer.rootOf(batch, seed).toString("hex")).toBe(plainRoot(batch, seed));
      },
    ),
    { numRuns: 60 },
  );
});

test("an entry with hundreds of targets, and one of 32 kB, are committed to", () => {
  const targets = Array.from({ length: 300 }, (_, index) => ({ type: "app", id: String(index) }));
  const batch = batchOf([{ targets }, { change: { after: "x".repeat(30_000) } }]);
  const seed = randomBytes(32);
  expect(new BatchCommitter().rootOf(batch, seed).toString("hex")).toBe(plainRoot(batch, seed));
});

test("what stands in no batch of ours is no payload", () => {
  const committer = new BatchCommitter();
  for (const payload of ["a{}", "z{}", "h{}", "c{}\n\na{}"])
    expect(() =>
      committer.rootOf({ ...batchOf([]), payload: Buffer.from(payload) }, randomBytes(32)),
    ).toThrow(Error);
});
