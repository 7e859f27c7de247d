import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePassword } from "./password-strength.ts";
import { faultText } from "../../failures.ts";

const ada = { userInputs: ["ada.lovelace@example.test", "Ada Lovelace", "Analytical Engines"] };
const codesOf = (password: string, known: { userInputs: string[] } = ada) => {
  const judgement = judgePassword(password, known);
  return judgement.ok ? [] : judgement.reasons.map(({ code }) => code);
};

describe("judgePassword", () => {
  test.each([
    "correct horse battery staple",
    "plinth-gravel-otter-92",
    "x7Kq9vTzL",
    "три грустных верблюда",
    "馬が電池を食べている日",
    `wollen schal kerze ${"a".repeat(230)}`,
  ])("accepts %j", (password) => {
    expect(codesOf(password)).toEqual([]);
  });

  test.each([
    ["password-too-short", "x7Kq9vTz"],
    ["password-too-short", ""],
    ["password-too-short", "👋🏽👋🏽👋🏽👋🏽"],
    ["password-too-long", "x7Kq9vTzL".repeat(29)],
    ["password-breached", "password1"],
    ["password-breached", "PASSWORD1"],
    ["password-breached", "123456789"],
    ["password-breached", "1qaz2wsx3edc"],
    ["password-common", "P@ssw0rd123!"],
    ["password-guessable", "Summer2026!"],
    ["password-repeats", "aaaaaaaaaaaaaaaaaaaa"],
    ["password-repeats", "abcabcabcabcabcabc"],
    ["password-keys-in-row", "qwertzuiopasdfghjkl"],
    ["password-repeats", "p@$$w0rdp@$$w0rd"],
    ["password-date", "01-01-1999"],
  ])("refuses as %s: %j", (code, password) => {
    expect(codesOf(password)).toEqual([code]);
  });

  // 9 code points each: people count characters, not UTF-16 units.
  test("counts characters: nine are enough, also beyond the first plane", () => {
    expect(codesOf("𝔵7𝔎q9𝔳Tz")).toEqual(["password-too-short"]);
    expect(codesOf("𝔵7𝔎q9𝔳TzL")).toEqual([]);
    expect(codesOf("👋".repeat(257))).toEqual(["password-too-long"]);
  });

  test("counts after normalising, so that typing accents as two characters gains nothing", () => {
    expect(codesOf("u\u0308o\u0308a\u0308e\u0301")).toEqual(["password-too-short"]);
  });

  test.each([
    "lovelace1815!",
    "ada.lovelace",
    "AnalyticalEngines1",
    "4dalovel4ce!",
    "sallyport-1234",
  ])("refuses what the account or the site gives away: %s", (password) => {
    expect(codesOf(password)).toEqual(["password-of-yours"]);
  });

  test("accepts another person's words that are unknown for this one", () => {
    const name = "Wolframina Xanthopoulou";
    expect(codesOf("xanthopoulou77", { userInputs: [name] })).toEqual(["password-of-yours"]);
    expect(codesOf("xanthopoulou77", { userInputs: [] })).toEqual([]);
  });

  test("says what to do in whole sentences and never repeats the password", () => {
    for (const password of [
      "x7Kq9",
      "password1",
      "lovelace1815!",
      "P@ssw0rd123!",
      "qwertzuiopasdf",
    ]) {
      const judgement = judgePassword(password, ada);
      const text = judgement.ok ? "" : judgement.reasons.map(faultText).join(" ");
      expect(text).toMatch(/^[A-Z].{20,}\.$/);
      expect(text).not.toContain(password);
    }
    expect(judgePassword("lovelace1815!", ada)).toMatchObject({
      reasons: [{ code: "password-of-yours" }],
    });
  });

  // T30: the time zxcvbn takes grows with the square of the length. So a strong end after 40 weak characters is not seen.
  test("judges the first 40 characters only", () => {
    const strong = "x7Kq9vTzL plinth";
    expect(codesOf("a".repeat(24) + strong)).toEqual([]);
    expect(codesOf("a".repeat(40) + strong)).toEqual(["password-repeats"]);
  });

  // The bound is wide for a busy machine: this takes some 0.2 s, and 17 s without the caps on what was typed beside it.
  test("answers the longest hostile input in bounded time", () => {
    const hostile = "4@8({[<369&#!1/|0$5+7%2".repeat(12).slice(0, 256);
    const manyWords = Array.from({ length: 200_000 }, (_, i) => i.toString(36).padStart(5, "x"));
    judgePassword(hostile, ada);
    const start = performance.now();
    judgePassword(hostile, { userInputs: Array.from({ length: 40 }, () => manyWords.join(" ")) });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("judges whatever was typed without throwing, and alike in every Unicode spelling", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (password) => {
        const judgement = judgePassword(password, { userInputs: [password.slice(3)] });
        expect(
          judgePassword(password.normalize("NFD"), { userInputs: [password.slice(3)] }),
        ).toEqual(judgement);
      }),
      { numRuns: 60 },
    );
  });
});
