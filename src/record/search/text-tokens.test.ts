import { describe, expect, test } from "vitest";
import { foldText, hasText, isId, tokensOf, type TextField } from "./text-tokens.ts";

const UUID = "0196c0de-0000-7000-8000-0000000000aa";

describe("a text is cut into words", () => {
  test.each([
    ["key.created", ["key", "created"]],
    ['{"name":"Straße_7 \\"x\\""}', ["name", "straße", "7", "x"]],
    ["192.0.2.7", ["192", "0", "2", "7"]],
    ["שלום עולם", ["שלום", "עולם"]],
    ["監査log", ["監", "査", "log"]],
    ["Cafe\u0301", ["caf\u00E9"]],
    ["%_\\'\"", []],
    ["", []],
  ])("%s", (text, expected) => {
    expect(tokensOf(foldText(text)).map((token) => token.text)).toEqual(expected);
  });

  test.each([UUID, "a1b2c3d4e5f6", "1234567890", "x".repeat(33)])("but %s is one piece", (text) => {
    expect(tokensOf(text)).toMatchObject([{ text, isOpaque: true }]);
  });

  test.each(["production2026", "x86", "20100101", "sha256"])("and %s is a word", (text) => {
    expect(tokensOf(text)).toMatchObject([{ text, isOpaque: false }]);
  });
});

test.each([
  [UUID, true],
  ["k3J9-xyz", true],
  ["sweep-sessions", false],
  ["k1", false],
  ["example2.com", false],
])("an id is long and has a digit, and nothing that a name has: %s %s", (value, expected) => {
  expect(isId(value)).toBe(expected);
});

describe("a text stands in another", () => {
  const fields: TextField[] = [
    { text: "key.created", isId: false },
    { text: `{"name":"production 17","by":"${UUID}"}`, isId: false },
    { text: "k3j9-xyz-1", isId: true },
  ];

  test.each(["key", "ey.cr", "production 17", "roduction 1", `:"${UUID}"`, UUID, "k3j9-xyz-1"])(
    "anywhere: %s",
    (text) => expect(hasText(fields, text)).toBe(true),
  );

  test.each(["key created", "created\nproduction", "0196c0de", "7000-8000", "k3j9", "xyz-1"])(
    "but in one field, and in no part of an id: %s",
    (text) => expect(hasText(fields, text)).toBe(false),
  );
});
