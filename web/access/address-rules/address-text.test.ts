import { expect, test } from "vitest";
import { isCovered, parseLines } from "./address-text.ts";

test.each([
  ["192.0.2.7", ["192.0.2.0/24"], true],
  ["192.0.3.7", ["192.0.2.0/24"], false],
  ["192.0.2.7", ["192.0.2.7"], true],
  ["192.0.2.7", ["0.0.0.0/0"], true],
  ["2001:db8::7", ["2001:db8::/32"], true],
  ["2001:db8:0:0:0:0:0:7", ["2001:db8::7"], true],
  ["2001:db9::7", ["2001:db8::/32"], false],
  ["192.0.2.7", ["::/0"], false],
  ["192.0.2.7", ["192.0.2.0/33", "nonsense", "192.0.2", "1:2:3"], false],
])("%s on %s: %s", (address, cidrs, expected) => {
  expect(isCovered(address, cidrs)).toBe(expected);
});

test("pasted lines become entries with their notes", () => {
  const text =
    "192.0.2.1\n198.51.100.0/24 # Leiden office\n\n  2001:db8::/48\tdata centre \n203.0.113.1, 203.0.113.2\n203.0.113.3; spare";
  expect(parseLines(text)).toEqual([
    { cidr: "192.0.2.1", note: "" },
    { cidr: "198.51.100.0/24", note: "Leiden office" },
    { cidr: "2001:db8::/48", note: "data centre" },
    { cidr: "203.0.113.1", note: "" },
    { cidr: "203.0.113.2", note: "" },
    { cidr: "203.0.113.3", note: "spare" },
  ]);
});
