import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { toHex, utf8 } from "../../src/contract/proofs/bytes.ts";
import {
  commitTo,
  decodeBatchLeaf,
  encodeBatchLeaf,
  entryLeaf,
  saltOf,
  verdicts,
} from "../../src/contract/proofs/commitment.ts";
import { hashLeaf } from "../../src/contract/proofs/merkle.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");
const counting = (from: number) => Uint8Array.from({ length: 32 }, (_, index) => from + index);

test("commitments and leaf are those of the vector", () => {
  const core = { kind: 1, salt: counting(0), bytes: utf8('{"action":"session.revoke"}') };
  const actor = { kind: 2, salt: counting(32), bytes: utf8('{"subject":"s1"}') };
  const committed = [core, actor].map((part) => ({
    kind: part.kind,
    commitment: commitTo(sha256, part),
  }));
  expect(committed.map(({ commitment }) => toHex(commitment))).toEqual([
    "3987fdf72f29a94635ccbb3fdc6f382bbb95e24eb024221809792d2d76dc69ed",
    "357c791c4ce290749788efc8c500798104154fc60efbb0c0686cd6adeeeb58a3",
  ]);
  const leaf = entryLeaf(committed);
  expect(leaf).toHaveLength(68);
  expect(toHex(hashLeaf(sha256, leaf))).toBe(
    "73b42722ae4457adbab85d256f3a8ec76cbe231217a9d7638d1d3c80252cf4e0",
  );
});

test("a part says one thing only: kind, salt and every byte count", () => {
  const part = { kind: 1, salt: counting(0), bytes: utf8("a") };
  const others = [
    { ...part, kind: 2 },
    { ...part, salt: counting(1) },
    { ...part, bytes: utf8("b") },
    { ...part, bytes: utf8("") },
  ];
  const all = [part, ...others].map((some) => toHex(commitTo(sha256, some)));
  expect(new Set(all).size).toBe(all.length);
  expect(() => commitTo(sha256, { ...part, salt: new Uint8Array(31) })).toThrow("32 bytes");
});

test("no two parts of a batch share a salt", () => {
  const salts = new Set<string>();
  for (let entry = 0; entry < 40; entry++)
    for (let part = 0; part < 40; part++)
      salts.add(toHex(saltOf(sha256, counting(7), { entry, part })));
  expect(salts.size).toBe(1_600);
});

test("an entry with many targets has a leaf of another kind", () => {
  const part = { kind: 3, commitment: counting(0) };
  const short = entryLeaf(Array.from({ length: 255 }, () => part));
  const long = entryLeaf(Array.from({ length: 256 }, () => part));
  expect([short[0], short[1], short.length]).toEqual([1, 255, 2 + 255 * 33]);
  expect([long[0], long[1], long[2], long.length]).toEqual([3, 1, 0, 3 + 256 * 33]);
  expect(() => entryLeaf(Array.from({ length: 65_536 }, () => part))).toThrow(RangeError);
});

test("a batch's leaf holds verdict, count and root, and reads back", () => {
  const leaf = { verdict: verdicts.altered, count: 70_000, root: counting(3) };
  expect(encodeBatchLeaf(leaf)).toHaveLength(38);
  expect(decodeBatchLeaf(encodeBatchLeaf(leaf))).toEqual(leaf);
  expect(decodeBatchLeaf(new Uint8Array(38))).toBeNull();
  expect(decodeBatchLeaf(encodeBatchLeaf(leaf).slice(0, 37))).toBeNull();
});
