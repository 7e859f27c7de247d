import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAmbiguous, readOriginalRequest } from "./original-request.ts";

const good = {
  "X-Sallyport-Gateway": "sally_key_x",
  "X-Original-Method": "GET",
  "X-Original-URI": "/orders?since=2026-01-01",
  "X-Real-IP": "203.0.113.7",
  Authorization: "Bearer sally_key_y",
};
const raw = (headers: Record<string, string>): string[] => Object.entries(headers).flat();
const read = (more: string[], without = "") =>
  readOriginalRequest([
    ...raw(Object.fromEntries(Object.entries(good).filter(([name]) => name !== without))),
    ...more,
  ]);

describe("readOriginalRequest", () => {
  test("reads what a gateway sends", () => {
    expect(read([])).toEqual({
      gatewayKey: "sally_key_x",
      credential: "sally_key_y",
      method: "GET",
      uri: "/orders?since=2026-01-01",
      address: "203.0.113.7",
    });
  });

  test.each([
    { fault: "no-gateway-key", without: "X-Sallyport-Gateway", more: [] },
    { fault: "no-credential", without: "Authorization", more: [] },
    { fault: "no-credential", without: "Authorization", more: ["Authorization", "Basic eA=="] },
    { fault: "method-missing", without: "X-Original-Method", more: [] },
    { fault: "uri-ambiguous", without: "X-Original-URI", more: [] },
    { fault: "header-repeated", without: "", more: ["authorization", "Bearer sally_key_z"] },
    { fault: "header-repeated", without: "", more: ["X-ORIGINAL-URI", "/other"] },
    { fault: "header-alias", without: "", more: ["X_Real_IP", "127.0.0.1"] },
    { fault: "header-alias", without: "", more: ["X.Original.URI", "/"] },
    { fault: "header-alias", without: "", more: ["X_Sallyport_Account", "admin"] },
  ])("refuses as $fault: without $without, with $more", ({ fault, without, more }) => {
    expect(read(more, without)).toBe(fault);
  });

  test.each([
    ["X-Real-IP", "127.0.0.1"],
    ["x-real-ip", "203.0.113.7"],
  ])("knows no address when %s stands twice", (name, value) => {
    expect(read([name, value])).toMatchObject({ address: null });
  });

  test.each(["127.0.0.1, 203.0.113.7", "010.0.0.1", "::1%lo", "", "203.0.113.7:80"])(
    "knows no address from %j",
    (value) => {
      expect(read(["X-Real-IP", value], "X-Real-IP")).toMatchObject({ address: null });
    },
  );

  // Attack: whatever else is sent, an address comes from the one X-Real-IP or from nowhere.
  test("no other header changes the address", () => {
    const name = fc.constantFrom(
      "x-forwarded-for",
      "forwarded",
      "true-client-ip",
      "cf-connecting-ip",
      "x-client-ip",
      "x-sallyport-account",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 6 }), (more) => {
        const result = read(more.flat());
        expect(result).toMatchObject({ address: "203.0.113.7" });
      }),
    );
  });
});

describe("isAmbiguous", () => {
  test.each([
    "/a//b",
    "/a/../b",
    "/a/./b",
    "/a/..",
    "/a%2fb",
    "/a%5Cb",
    "/a\\b",
    "/%2e%2e/b",
    "/a;v=1/b",
    "/a%00",
    "/a b",
    "/a\tb",
    "a",
    "",
    "http://x/",
    "/%",
    "/%g1",
    "/a#b",
    "/%252e",
    "/a%0d%0ab",
    "/a%1f",
    "/a%7F",
    "/%c0%ae%c0%ae/b",
    "/a%c0%afb",
    "/%ff",
    "/%ed%a0%80",
    `/${"a".repeat(9_000)}`,
  ])("refuses %j", (uri) => expect(isAmbiguous(uri)).toBe(true));
  test.each(["/", "/a/b", "/a/b/", "/a?x=//../%2f;", "/caf%C3%A9", "/a.b/c..d"])(
    "takes %j",
    (uri) => expect(isAmbiguous(uri)).toBe(false),
  );
});
