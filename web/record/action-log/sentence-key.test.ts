import { describe, expect, test } from "vitest";
import { actions, type Action } from "../../../src/contract/actions.ts";
import english from "../../../src/contract/texts/en/actions.json";
import dutch from "../../../src/contract/texts/nl/actions.json";
import { sentenceKeyOf } from "./sentence-key.ts";

const PARTS = ["who", "named", "toNamed", "inApp", "toApp", "theApp", "anAccount"];

describe.each([
  ["English", english],
  ["Dutch", dutch],
] as const)("in %s", (_language, texts: Record<string, { done: string; act: string }>) => {
  test.each(Object.keys(actions) as Action[])("%s has a sentence, done and tried", (action) => {
    const { done, act } = texts[sentenceKeyOf(action)] ?? { done: "", act: "" };
    expect(done).toMatch(/^\{\{who\}\} ./);
    expect(act).not.toBe("");
    expect(act).not.toContain("{{who}}");
    for (const [, part] of `${done}${act}`.matchAll(/\{\{(\w+)\}\}/g))
      expect(PARTS).toContain(part);
  });

  test("nothing is told that cannot happen", () => {
    const known = (Object.keys(actions) as Action[]).map(sentenceKeyOf) as string[];
    expect(Object.keys(texts).filter((key) => !known.includes(key))).toEqual([]);
  });
});
