import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyRing, type KeyedMac } from "../../platform/crypto/key-ring.ts";
import {
  hashRecoveryCode,
  newRecoveryCodes,
  normaliseRecoveryCode,
  recoveryCodeCandidates,
} from "./recovery-codes.ts";

const secretA = Buffer.alloc(32, 0xa1);
const secretB = Buffer.alloc(32, 0xb2);
const ring = createKeyRing({ current: secretA, previous: [] });
const ada = "019a0000-0000-7000-8000-00000000000a";
const bob = "019a0000-0000-7000-8000-00000000000b";

describe("newRecoveryCodes", () => {
  test("gives 16 different codes in two groups, free of look-alikes", () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(16);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  });

  // χ² with 31 degrees of freedom exceeds 100 by chance less than once in 10^8 runs.
  test("draws all 32 characters equally often", () => {
    const counts = new Map<string, number>();
    const text = Array.from({ length: 400 }, () => newRecoveryCodes().join("")).join("");
    for (const character of text.replaceAll("-", "").split(""))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = (400 * 16 * 10) / 32;
    let chiSquare = 0;
    for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected;
    expect(counts.size).toBe(32);
    expect(chiSquare).toBeLessThan(100);
  });
});

describe("normaliseRecoveryCode", () => {
  test.each([
    "0A1BC-DEF1G",
    "0a1bcdef1g",
    " oaIbc – defLg ",
    "0A1BC\u2010DEF1G",
    "0A1BC\u2212DEF1G",
    "OALBC DEFiG\n",
    "0a1-bcd-ef1-g",
  ])("reads what people type for 0A1BC-DEF1G: %j", (typed) => {
    expect(normaliseRecoveryCode(typed)).toBe("0A1BCDEF1G");
  });

  test.each([
    "",
    "-",
    "0A1BC-DEF1",
    "0A1BC-DEF1GH",
    "0A1BC-DEF1U",
    "0A1BC_DEF1G",
    "0A1BC-DEF1é",
    "0A1BC-DEFß",
    "0A1BC-DEF1G\u0000",
    "0A1BCDEF1ı",
    "-".repeat(65),
  ])("refuses %j", (typed) => {
    expect(normaliseRecoveryCode(typed)).toBeNull();
  });
});

const isMatch = (stored: KeyedMac, candidates: KeyedMac[]) =>
  candidates.some(({ keyId, mac }) => keyId === stored.keyId && mac.equals(stored.mac));

describe("stored recovery codes", () => {
  // T12: every code of a set must work, not only the first, also after the secret key was rotated.
  test("are found by each code of the set, before and after a key rotation", () => {
    const codes = newRecoveryCodes();
    const stored = codes.map((code) => hashRecoveryCode(ring, ada, code));
    const rotated = createKeyRing({ current: secretB, previous: [secretA] });
    for (const now of [ring, rotated]) {
      for (const [index, code] of codes.entries()) {
        const candidates = recoveryCodeCandidates(now, ada, code.toLowerCase());
        expect(stored.map((one) => isMatch(one, candidates)).indexOf(true)).toBe(index);
        expect(stored.filter((one) => isMatch(one, candidates))).toHaveLength(1);
      }
    }
  });

  test("are not found for another account, nor by another installation's key", () => {
    const stored = hashRecoveryCode(ring, ada, "0A1BC-DEF1G");
    const elsewhere = createKeyRing({ current: secretB, previous: [] });
    expect(isMatch(stored, recoveryCodeCandidates(ring, bob, "0A1BC-DEF1G"))).toBe(false);
    expect(isMatch(stored, recoveryCodeCandidates(elsewhere, ada, "0A1BC-DEF1G"))).toBe(false);
  });

  test("are never made from, nor matched by, what is no code", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (typed) => {
        fc.pre(normaliseRecoveryCode(typed) === null);
        expect(recoveryCodeCandidates(ring, ada, typed)).toEqual([]);
        expect(() => hashRecoveryCode(ring, ada, typed)).toThrow(RangeError);
      }),
    );
  });
});
