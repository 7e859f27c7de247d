import { expect, test } from "vitest";
import { lineAt, toEntries, toText, withLine } from "./lines.ts";

test("each line that is not blank is a network, and a pointer finds it again", () => {
  const text = " 192.0.2.7 \n\n2001:db8::/32\n";
  expect(toEntries(text)).toEqual([{ cidr: "192.0.2.7" }, { cidr: "2001:db8::/32" }]);
  expect(lineAt(text, "/entries/1/cidr")).toBe("2001:db8::/32");
  expect(lineAt(text, "/entries")).toBe("");
  expect(toText(toEntries(text))).toBe("192.0.2.7\n2001:db8::/32");
});

test("an address is added below", () => {
  expect(withLine("", "192.0.2.7")).toBe("192.0.2.7");
  expect(withLine("192.0.2.7\n", "192.0.2.8")).toBe("192.0.2.7\n192.0.2.8");
});
