import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEmail } from "./email-address.ts";

describe("parseEmail", () => {
  test.each([
    ["Ada.Example@Example.TEST", "Ada.Example@example.test", "ada.example@example.test"],
    ["  a+b@mail.example.test ", "a+b@mail.example.test", "a+b@mail.example.test"],
    ["a@bücher.test", "a@xn--bcher-kva.test", "a@xn--bcher-kva.test"],
    // The same domain typed with a combining mark is the same mailbox.
    ["a@bu\u0308cher.test", "a@xn--bcher-kva.test", "a@xn--bcher-kva.test"],
  ])("reads %j", (typed, email, emailKey) => {
    expect(parseEmail(typed)).toEqual({ email, emailKey });
  });

  // T30: a homoglyph of @, a NUL, a second recipient or header never becomes an address.
  test.each([
    "",
    "a",
    "a@b",
    "@example.test",
    "a@",
    "a\uFF20example.test",
    "a@example.test\u0000",
    "a\u0000@example.test",
    "a@example.test\r\nBcc: b@example.test",
    "a@example.test,b@example.test",
    "a@example.test b@example.test",
    "<a@example.test>",
    '"a b"@example.test',
    "a..b@example.test",
    ".a@example.test",
    "a.@example.test",
    "а@example.test", // Cyrillic
    "a@-example.test",
    "a@exa_mple.test",
    "a@[127.0.0.1]",
    `${"a".repeat(65)}@example.test`,
    `a@${"b.".repeat(130)}test`,
  ])("refuses %j", (typed) => {
    expect(parseEmail(typed)).toBeNull();
  });

  test("gives what reads as itself: one @, printable ASCII, at most 254 characters", () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" })), (typed) => {
        const parsed = parseEmail(typed);
        if (parsed === null) return;
        expect(parsed.email).toMatch(/^[!-?A-~]+@[a-z0-9.-]+$/);
        expect(parsed.email.length).toBeLessThanOrEqual(254);
        expect(parseEmail(parsed.email)).toEqual(parsed);
      }),
    );
  });
});
