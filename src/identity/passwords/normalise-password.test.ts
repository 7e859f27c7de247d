import * as fc from "fast-check";
import { expect, test } from "vitest";
import { normalisePassword } from "./normalise-password.ts";

test.each([
  ["a composed and a decomposed letter", "Zu\u0308rich", "Z\u00fcrich"],
  ["a no-break space and a space", "two\u00a0words", "two words"],
  ["an ideographic space and a space", "two\u3000words", "two words"],
])("makes equal what keyboards spell differently: %s", (_, one, other) => {
  expect(normalisePassword(one)).toBe(normalisePassword(other));
});

test.each([
  ["²", "2"],
  ["ﬁ", "fi"],
  ["Ａ", "A"],
  ["a", "A"],
  ["a ", "a"],
  ["a\u0000b", "a"],
])("keeps different passwords different: %j and %j", (one, other) => {
  expect(normalisePassword(one)).not.toBe(normalisePassword(other));
});

test("changes nothing the second time, whatever was typed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (typed) => {
      const once = normalisePassword(typed);
      expect(normalisePassword(once)).toBe(once);
      expect(once.isWellFormed()).toBe(true);
    }),
  );
  expect(normalisePassword("\ud800")).toBe("\ufffd");
});
