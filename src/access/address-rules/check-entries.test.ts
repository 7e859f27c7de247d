import { describe, expect, test } from "vitest";
import { ProblemError } from "../../problem-error.ts";
import { checkEntries, warningsOf } from "./check-entries.ts";

const failuresOf = (mode: "monitor" | "enforce", cidrs: string[]) => {
  try {
    checkEntries({ mode, entries: cidrs.map((cidr) => ({ cidr })) });
  } catch (error) {
    if (error instanceof ProblemError) return { code: error.code, errors: error.errors ?? [] };
  }
  throw new Error("was not refused");
};

describe("a list", () => {
  test("is stored in canonical text, with its notes and in its order", () => {
    const entries = [
      { cidr: "192.0.2.7", note: "office" },
      { cidr: "2001:DB8:0:0::/64" },
      { cidr: "::ffff:198.51.100.7", note: "" },
    ];
    expect(checkEntries({ mode: "enforce", entries }).rules).toEqual({
      mode: "enforce",
      entries: [
        { cidr: "192.0.2.7/32", note: "office" },
        { cidr: "2001:db8::/64", note: "" },
        { cidr: "198.51.100.7/32", note: "" },
      ],
    });
  });

  test("that is empty is not enforced, because it would lock everybody out", () => {
    expect(failuresOf("enforce", [])).toMatchObject({
      code: "invalid-request",
      errors: [{ pointer: "/entries" }],
    });
    expect(checkEntries({ mode: "monitor", entries: [] }).rules.entries).toEqual([]);
  });

  test("names every entry that is wrong, each with what would be right", () => {
    const { errors } = failuresOf("monitor", [
      "192.0.2.0/24",
      "192.0.2.9/24",
      "010.0.0.1",
      "fe80::1%eth0",
      "127.1",
      "192.0.2.0/024",
      "192.0.2.1/33",
      "192.0.2.1:443",
      "192.0.2.0/24",
      "*",
    ]);
    expect(errors.map(({ pointer }) => pointer)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => `/entries/${index}/cidr`),
    );
    expect(errors[0]?.detail).toContain("Write 192.0.2.0/24 for the network");
    expect(errors[7]?.detail).toBe("This is the same network as entry 1.");
  });

  test.each([
    ["0.0.0.0/0", true],
    ["::/0", true],
    ["10.0.0.0/7", true],
    ["11.0.0.0/8", false],
    ["2001::/31", true],
    ["2001:db8::/32", false],
  ])("that holds %s is too wide: %s", (cidr, isWide) => {
    const { wide } = checkEntries({ mode: "enforce", entries: [{ cidr }] });
    expect(wide).toEqual(isWide ? [{ pointer: "/entries/0/cidr", cidr }] : []);
  });

  test("warns of networks that are valid and rarely meant", () => {
    const { rules } = checkEntries({
      mode: "off",
      entries: [{ cidr: "8.8.8.8" }, { cidr: "10.0.0.0/8" }, { cidr: "2a00:1::7" }],
    });
    expect(warningsOf(rules)).toMatchObject([
      { pointer: "/entries/1/cidr", suggestion: null },
      { pointer: "/entries/2/cidr", suggestion: "2a00:1::/64" },
    ]);
  });
});
