import { expect, test } from "vitest";
import { strengthHint } from "./strength-hint.ts";

const textOf = (password: string, known: string[] = []) => strengthHint(password, known).text;

test("says how many characters are missing, counted as a person counts them", () => {
  expect(strengthHint("short", [])).toEqual({ level: 0, text: "tooShort", missing: 4 });
  expect(strengthHint("", [])).toMatchObject({ missing: 9 });
  expect(strengthHint("🐝".repeat(8), [])).toMatchObject({ text: "tooShort", missing: 1 });
});

test.each([
  ["aaaaaaaaaaaa", "repeated"],
  ["abababababab", "repeated"],
  ["123456789012", "sequence"],
  ["qwertyuiop1", "sequence"],
  ["sunflower", "weak"],
  ["Password123", "weak"],
  ["Sunflower2024!", "fair"],
  ["velvet anchor tundra 58 lantern", "strong"],
  ["X7$kq9!pLm", "strong"],
  ["correct horse battery staple", "strong"],
])("%s is %s", (password, text) => {
  expect(textOf(password)).toBe(text);
});

test("warns of what anybody knows of the person", () => {
  const known = ["ada.lovelace@example.test", "Ada Lovelace"];
  expect(textOf("lovelace1815", known)).toBe("personal");
  expect(textOf("velvet anchor tundra 58 lantern", known)).toBe("strong");
});
