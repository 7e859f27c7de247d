import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proofCrypto } from "../../cli/proof-crypto.ts";
import { areEqual, fromBase64, toBase64, utf8 } from "../../src/contract/proofs/bytes.ts";
import { commitTo, entryLeaf } from "../../src/contract/proofs/commitment.ts";
import { coverOf, rootOfCover } from "../../src/contract/proofs/cover.ts";
import { decodeHash } from "../../src/contract/proofs/hash-text.ts";
import { LeafHasher } from "../../src/contract/proofs/leaf-hasher.ts";
import { goesOnAs, keyFor } from "../../src/contract/proofs/lives.ts";
import { hashLeaf, inclusionPath, rootOf } from "../../src/contract/proofs/merkle.ts";
import { ED25519, keyIdOf } from "../../src/contract/proofs/note.ts";
import { SeenNumbers } from "../../src/contract/proofs/seen-numbers.ts";

const { sha256 } = proofCrypto;
const leaves = (count: number) =>
  Array.from({ length: count }, (_, index) => hashLeaf(sha256, utf8(String(index))));

describe("the hashes around some leaves of a tree", () => {
  const trees = fc
    .integer({ min: 1, max: 70 })
    .chain((size) =>
      fc.tuple(fc.constant(size), fc.subarray([...Array(size).keys()], { minLength: 1 })),
    );

  test("make its root with them, and of a single one are its path", () => {
    fc.assert(
      fc.property(trees, ([size, indices]) => {
        const hashes = leaves(size);
        const hidden = coverOf(sha256, hashes, indices);
        const shown = indices.map((index) => ({ index, hash: hashes[index] ?? utf8("") }));
        const root = rootOfCover(sha256, size, { shown, hidden });
        expect(root === null ? null : toBase64(root)).toBe(toBase64(rootOf(sha256, hashes)));
        if (indices.length === 1)
          expect(hidden.map(toBase64).toSorted()).toEqual(
            inclusionPath(sha256, hashes, indices[0] ?? 0)
              .map(toBase64)
              .toSorted(),
          );
      }),
    );
  });

  test("make another root, or none, where a leaf or a hash is another, missing or too many", () => {
    fc.assert(
      fc.property(trees, fc.nat(), ([size, indices], salt) => {
        const hashes = leaves(size);
        const honest = rootOf(sha256, hashes);
        const hidden = coverOf(sha256, hashes, indices);
        const shown = indices.map((index) => ({ index, hash: hashes[index] ?? utf8("") }));
        const other = sha256(utf8(String(salt)));
        const at = salt % shown.length;
        const forgeries = [
          { shown: shown.with(at, { ...(shown[at] ?? { index: 0 }), hash: other }), hidden },
          { shown: shown.toSpliced(at, 1), hidden },
          { shown: [...shown, { index: size, hash: other }], hidden },
          { shown, hidden: [...hidden, other] },
          ...(hidden.length > 0
            ? [
                { shown, hidden: hidden.with(salt % hidden.length, other) },
                { shown, hidden: hidden.toSpliced(0, 1) },
              ]
            : []),
          ...(shown.length > 1 ? [{ shown: shown.toReversed(), hidden }] : []),
        ];
        for (const forged of forgeries) {
          const root = rootOfCover(sha256, size, forged);
          expect(root !== null && areEqual(root, honest)).toBe(false);
        }
      }),
    );
  });

  test("take no longer for a tree whose size somebody made up", () => {
    const shown = [{ index: 2 ** 40, hash: sha256(utf8("")) }];
    expect(rootOfCover(sha256, 2 ** 50, { shown, hidden: [] })).toBeNull();
    for (const size of [0, -1, 0.5, Number.NaN])
      expect(rootOfCover(sha256, size, { shown: [], hidden: [] })).toBeNull();
  });
});

test("an entry's leaf is the one that the log commits to, whatever its parts hold", () => {
  const hasher = new LeafHasher(sha256);
  const part = fc.record({
    kind: fc.integer({ min: 1, max: 6 }),
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    text: fc.oneof(fc.string({ unit: "binary" }), fc.constant("ü".repeat(6_000))),
    isShown: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), (few, isLong) => {
      const parts = isLong ? Array.from({ length: 300 }, () => few).flat() : few;
      const committed = parts.map(({ kind, salt, text }) => ({
        kind,
        commitment: commitTo(sha256, { kind, salt, bytes: utf8(text) }),
      }));
      const bundled = parts.map(({ kind, salt, text, isShown }, at) =>
        isShown
          ? { kind, salt: toBase64(salt), text }
          : { kind, commitment: toBase64(committed[at]?.commitment ?? salt) },
      );
      const hash = hasher.hash(bundled);
      expect(hash === null ? null : toBase64(hash)).toBe(
        toBase64(hashLeaf(sha256, entryLeaf(committed))),
      );
    }),
    { numRuns: 30 },
  );
});

test("32 bytes are read from their only text, and from nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      expect(decodeHash(toBase64(bytes))).toEqual(bytes);
    }),
  );
  const text = toBase64(new Uint8Array(32).fill(7));
  fc.assert(
    fc.property(
      fc.nat({ max: 43 }),
      fc.constantFrom("A", "B", "/", "+", "-", "=", " ", "é", "\0"),
      (at, character) => {
        const other = text.slice(0, at) + character + text.slice(at + 1);
        const strict = fromBase64(other);
        expect(decodeHash(other)).toEqual(strict?.length === 32 ? strict : null);
      },
    ),
  );
  for (const none of ["", text.slice(1), `${text}=`, null, 7, undefined])
    expect(decodeHash(none)).toBeNull();
});

test("a number is seen once", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5_000 })), (numbers) => {
      const seen = new SeenNumbers();
      const known = new Set<number>();
      for (const number of numbers) {
        expect(seen.add(number)).toBe(known.has(number));
        known.add(number);
      }
    }),
  );
});

test("a key is good for the other lives of its log, and for no other log", () => {
  const named = { name: "a.test/audit/1", type: ED25519, publicKey: new Uint8Array(32).fill(9) };
  const key = { ...named, keyId: keyIdOf(sha256, named) };
  const later = keyFor(sha256, [key], "a.test/audit/2");
  expect(later).toMatchObject({ name: "a.test/audit/2", publicKey: key.publicKey });
  expect(later?.keyId).toEqual(keyIdOf(sha256, { ...named, name: "a.test/audit/2" }));
  for (const name of ["a.test/audit/1x", "b.test/audit/1", "a.test/audit", "a.test/2"])
    expect(keyFor(sha256, [key], name)).toBeNull();
  expect(goesOnAs("a.test/audit/2", "a.test/audit/1")).toBe(false);
});
