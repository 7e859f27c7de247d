import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  base62Value,
  hashToken,
  newToken,
  randomBase62,
  secretsEqual,
  toBase62,
} from "./tokens.ts";

describe("newToken", () => {
  test("is 43 base62 characters and never the same twice", () => {
    const tokens = Array.from({ length: 1000 }, () => newToken());
    for (const token of tokens) expect(token).toMatch(/^[0-9A-Za-z]{43}$/);
    expect(new Set(tokens).size).toBe(1000);
  });
});

describe("randomBase62", () => {
  // χ² with 61 degrees of freedom exceeds 150 by chance once in 10^9 runs; `byte % 62` without rejection
  // (8 characters a quarter more frequent) gives about 1,000 at this sample size.
  test("draws all 62 characters equally often", () => {
    const drawn = 200_000;
    const counts = new Map<string, number>();
    for (const character of randomBase62(drawn))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = drawn / 62;
    let chiSquare = 0;
    for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected;
    expect(counts.size).toBe(62);
    expect(chiSquare).toBeLessThan(150);
  });

  test("uses each byte below 248 once and asks again when bytes were rejected", () => {
    const chunks = [Buffer.alloc(20, 255), Buffer.from([247, 248, 0, 61, 62, 9, 10, 36])];
    const text = randomBase62(6, () => chunks.shift() ?? Buffer.alloc(0));
    expect(text).toBe("z0z09A");
  });
});

describe("base62", () => {
  test("writes known values, padded", () => {
    expect(toBase62(0, 1)).toBe("0");
    expect(toBase62(61, 3)).toBe("00z");
    expect(toBase62(62, 1)).toBe("10");
    expect(toBase62(2 ** 32 - 1, 6)).toBe("4gfFC3");
  });

  test("reads back every number it wrote", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        let read = 0n;
        for (const character of toBase62(value, 9))
          read = read * 62n + BigInt(base62Value(character.charCodeAt(0)));
        expect(read).toBe(BigInt(value));
      }),
    );
  });

  test("gives a value to its 62 characters and to no other of all 65,536", () => {
    const values = Array.from({ length: 0x10000 }, (_, code) => base62Value(code));
    expect(values.filter((value) => value >= 0).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 62 }, (_, value) => value),
    );
  });
});

describe("hashToken", () => {
  // FIPS 180-4 example ("abc").
  test("is SHA-256", () => {
    expect(hashToken("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

describe("secretsEqual", () => {
  test("compares by content, whatever the lengths", () => {
    expect(secretsEqual("abc", "abc")).toBe(true);
    expect(secretsEqual("abc", Buffer.from("abc"))).toBe(true);
    expect(secretsEqual("", "")).toBe(true);
    for (const other of ["", "ab", "abd", "abcd", "ABC"])
      expect(secretsEqual("abc", other)).toBe(false);
  });
});
