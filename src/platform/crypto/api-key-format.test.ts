import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apiKeyScanPattern, newApiKey, parseApiKey, type ApiKeyKind } from "./api-key-format.ts";
import { toBase62 } from "./tokens.ts";

const kinds: ApiKeyKind[] = ["key", "op"];
const withChecksum = (body: string) => body + toBase62(crc32(body), 6);

describe("newApiKey", () => {
  test.each(kinds)("makes a %s key that parses to its own kind and id", (kind) => {
    for (let i = 0; i < 200; i += 1) {
      const { id, text } = newApiKey(kind);
      expect(text).toMatch(new RegExp(`^sally_${kind}_${id}_[0-9A-Za-z]{49}$`));
      expect(parseApiKey(text)).toEqual({ kind, id });
    }
  });

  test("never repeats an id or a secret", () => {
    const keys = Array.from({ length: 500 }, () => newApiKey("key"));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(500);
    expect(new Set(keys.map(({ text }) => text.slice(23, 66))).size).toBe(500);
  });
});

describe("the checksum", () => {
  // The check value of CRC-32/ISO-HDLC. Keys made with another polynomial would all be refused.
  test("is the common CRC-32", () => {
    expect(crc32("123456789")).toBe(0xcbf43926);
  });

  test("accepts a fixed key, for ever", () => {
    const text = withChecksum(`sally_key_${"A".repeat(12)}_${"a".repeat(43)}`);
    expect(text.slice(-6)).toBe("1YctoO");
    expect(parseApiKey(text)).toEqual({ kind: "key", id: "AAAAAAAAAAAA" });
  });
});

describe("parseApiKey", () => {
  test("refuses a key with any single character changed, left out or doubled", () => {
    for (const { text } of kinds.map((kind) => newApiKey(kind))) {
      const changed = text.split("").flatMap((character, at) => {
        const [before, after] = [text.slice(0, at), text.slice(at + 1)];
        const others = "09AZaz_-. éİ".split("").filter((other) => other !== character);
        return ["", character + character, ...others].map((other) => before + other + after);
      });
      expect(changed.filter((key) => parseApiKey(key) !== null)).toEqual([]);
    }
  });

  test("refuses any single change, at random", () => {
    const { text } = newApiKey("key");
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, other) => {
          fc.pre(other !== text[at]);
          expect(parseApiKey(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });

  const id = "A".repeat(12);
  const secret = "b".repeat(43);
  test.each([
    ["nothing", ""],
    ["a prefix alone", "sally_key_"],
    ["an unknown kind", withChecksum(`sally_adm_${id}_${secret}`)],
    ["upper-case brand", withChecksum(`SALLY_key_${id}_${secret}`)],
    ["a short id and a long secret", withChecksum(`sally_key_${id.slice(1)}_b${secret}`)],
    ["a letter between id and secret", withChecksum(`sally_key_${id}b${secret}`)],
    ["an underscore in the secret", withChecksum(`sally_key_${id}_${secret.slice(1)}_`)],
    ["a character beyond ASCII", withChecksum(`sally_key_${id}_${secret.slice(1)}é`)],
    ["an operator key's length under the other prefix", withChecksum(`sally_op_${id}_b${secret}`)],
    ["a space before", ` ${newApiKey("key").text}`],
    ["a line break after", `${newApiKey("key").text}\n`],
    ["a megabyte", `sally_key_${"A".repeat(1_000_000)}`],
  ])("refuses %s", (_, text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  test("refuses a checksum above 2^32, which no CRC has", () => {
    expect(parseApiKey(`sally_key_${id}_${secret}zzzzzz`)).toBeNull();
  });
});

describe("apiKeyScanPattern", () => {
  test.each(kinds)("finds a %s key in a line of code, whole", (kind) => {
    const { text } = newApiKey(kind);
    const found = apiKeyScanPattern.exec(`const auth = "Bearer ${text}"; // do not commit`);
    expect(found?.[0]).toBe(text);
  });

  test("does not match inside a longer word", () => {
    expect(apiKeyScanPattern.test(`x${newApiKey("key").text}`)).toBe(false);
    expect(apiKeyScanPattern.test(`${newApiKey("key").text}x`)).toBe(false);
  });
});
