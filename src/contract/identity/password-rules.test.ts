import { expect, test } from "vitest";
import { characterFaults, compareRules, NO_RULES, presetRules } from "./password-rules.ts";

const codes = (password: string, preset: keyof typeof presetRules) =>
  characterFaults(password, presetRules[preset]).map(({ code }) => code);

test.each([
  ["eight characters are one too few for classic", "Aa1!efgh", ["password-too-short"]],
  ["nine are enough", "Aa1!efghi", []],
  ["a capital of any script counts", "Ωa1!efghi", []],
  ["no capital", "aa1!efghi", ["password-needs-capital"]],
  ["no number", "Aab!efghi", ["password-needs-number"]],
  ["a space is something special", "Aa1 efghi", []],
  ["nothing special", "Aa1befghi", ["password-needs-special"]],
  ["an accent is a letter's, and nothing special", "Aa1e\u0301fghij", ["password-needs-special"]],
  [
    "all that is missing is said at once",
    "abc",
    [
      "password-too-short",
      "password-needs-capital",
      "password-needs-number",
      "password-needs-special",
    ],
  ],
])("classic: %s", (_name, password, expected) => {
  expect(codes(password, "classic")).toEqual(expected);
});

test("NIST takes a long phrase of small letters, and no short one of all kinds", () => {
  expect(codes("velvet anchor tundra", "nist")).toEqual([]);
  expect(codes("Aa1!efghi", "nist")).toEqual(["password-too-short"]);
});

test("length is counted in characters, not in units of storage", () => {
  expect(codes("😀😀😀😀😀😀😀😀😀", "none")).toEqual([]);
  expect(codes("😀😀😀😀", "none")).toEqual(["password-too-short"]);
});

test.each([
  ["stricter", NO_RULES, presetRules.classic],
  ["more-lenient", presetRules.classic, NO_RULES],
  ["both", presetRules.classic, presetRules.nist],
  ["none", presetRules.nist, presetRules.nist],
  ["stricter", { ...NO_RULES, maxAgeDays: 90 }, { ...NO_RULES, maxAgeDays: 45 }],
] as const)("%s", (change, before, after) => {
  expect(compareRules(before, after)).toBe(change);
});
