import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress, hostileText } from "./address-arbitraries.ts";
import { parseAddress } from "./parse-address.ts";
import { parseCidr } from "./parse-cidr.ts";
import { faultText } from "../../failures.ts";

const accepted = (text: string) => {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.fault.code}`);
  return parsed;
};

const refused = (text: string) => {
  const parsed = parseCidr(text);
  if (parsed.ok) throw new Error(`${text} was read as ${parsed.cidr}`);
  return parsed.problem;
};

const warningCodes = (text: string) => accepted(text).warnings.map(({ warning }) => warning.code);

describe("parseCidr", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7/32", 4, 32],
    ["192.0.2.7/32", "192.0.2.7/32", 4, 32],
    ["192.0.2.0/24", "192.0.2.0/24", 4, 24],
    ["0.0.0.0/0", "0.0.0.0/0", 4, 0],
    ["2001:DB8::7", "2001:db8::7/128", 6, 128],
    ["2001:db8:0:0::/64", "2001:db8::/64", 6, 64],
    ["::/0", "::/0", 6, 0],
    ["::ffff:192.0.2.7", "192.0.2.7/32", 4, 32],
    ["::ffff:192.0.2.7/128", "192.0.2.7/32", 4, 32],
    ["::ffff:c000:200/120", "192.0.2.0/24", 4, 24],
    ["::ffff:0:0/96", "0.0.0.0/0", 4, 0],
    ["64:ff9b::/96", "64:ff9b::/96", 6, 96],
  ])("reads %s as %s", (text, cidr, family, prefix) => {
    expect(accepted(text)).toMatchObject({ cidr, family, prefix, bits: { family } });
  });

  test.each([
    ["10.0.0.0/024", "bad-prefix"],
    ["10.0.0.0/08", "bad-prefix"],
    ["10.0.0.0/33", "bad-prefix"],
    ["10.0.0.0/-1", "bad-prefix"],
    ["10.0.0.0/+8", "bad-prefix"],
    ["10.0.0.0/8.0", "bad-prefix"],
    ["10.0.0.0/1e1", "bad-prefix"],
    ["10.0.0.0/0x8", "bad-prefix"],
    ["10.0.0.0/８", "bad-prefix"],
    ["10.0.0.0/ 8", "bad-prefix"],
    ["10.0.0.0/8\n", "bad-prefix"],
    ["10.0.0.0/", "bad-prefix"],
    ["10.0.0.0/8/8", "bad-prefix"],
    ["10.0.0.0/255.0.0.0", "bad-prefix"],
    ["2001:db8::/129", "bad-prefix"],
    ["2001:db8::/064", "bad-prefix"],
    ["::ffff:10.0.0.0/129", "bad-prefix"],
    ["::ffff:10.0.0.0/95", "mapped-prefix"],
    ["::ffff:10.0.0.0/8", "mapped-prefix"],
    ["::ffff:0:0/0", "mapped-prefix"],
    ["fe80::1%eth0", "zone-id"],
    ["fe80::%eth0/64", "zone-id"],
    ["010.0.0.1", "leading-zero"],
    ["10.0.0.00/24", "leading-zero"],
    ["127.1", "short-form"],
    ["10.0.0/8", "short-form"],
    ["10/8", "short-form"],
    ["2130706433", "short-form"],
    ["203.0.113.9:4433", "has-port"],
    ["[2001:db8::1]:4433", "has-port"],
    ["[2001:db8::1]", "has-port"],
    ["0x7f.1", "not-an-address"],
    ["::ffff:010.2.3.4", "not-an-address"],
    [" 10.0.0.1", "not-an-address"],
    ["10.0.0.1 ", "not-an-address"],
    ["10.0.0.1-10.0.0.9", "not-an-address"],
    ["10.0.0.*", "not-an-address"],
    ["*", "not-an-address"],
    ["any", "not-an-address"],
    ["", "not-an-address"],
    ["/0", "not-an-address"],
    ["1".repeat(100_000), "not-an-address"],
    [`10.0.0.0/${"0".repeat(100_000)}`, "bad-prefix"],
  ])("refuses %s: %s", (text, code) => {
    const problem = refused(text);
    expect(problem.fault.code).toBe(`cidr-${code}`);
    expect(faultText(problem.fault).length).toBeLessThan(250); // and so repeats no hostile text
  });

  test.each([
    ["192.0.2.7/24", "192.0.2.0/24"],
    ["::ffff:192.0.2.7/120", "192.0.2.0/24"],
    ["2001:db8::7/64", "2001:db8::/64"],
    ["128.0.0.1/0", "0.0.0.0/0"],
  ])("refuses host bits in %s and offers %s", (text, suggestion) => {
    const problem = refused(text);
    expect(problem).toMatchObject({ fault: { code: "cidr-host-bits" }, suggestion });
    expect(faultText(problem.fault)).toContain(suggestion);
    expect(accepted(suggestion).cidr).toBe(suggestion);
  });

  test.each([
    ["0.0.0.0/0", true],
    ["::/0", true],
    ["::ffff:0:0/96", true],
    ["8.0.0.0/7", true],
    ["9.0.0.0/8", false],
    ["2a00::/31", true],
    ["2a00::/32", false],
    ["192.0.2.7", false],
  ])("tells whether %s is too wide: %s", (text, isWide) => {
    expect(accepted(text).isWide).toBe(isWide);
    expect(warningCodes(text).includes("too-wide")).toBe(isWide);
  });

  test.each([
    ["10.1.2.3", ["private"]],
    ["9.255.255.255", []],
    ["11.0.0.0", []],
    ["172.15.255.255", []],
    ["172.16.0.0", ["private"]],
    ["172.31.0.0/16", ["private"]],
    ["172.32.0.0/16", []],
    ["192.168.0.0/15", ["private"]],
    ["fd00:1::/64", ["private"]],
    ["192.167.255.255", []],
    ["192.169.0.0", []],
    ["fbff::/64", []],
    ["fe00::/64", []],
    ["100.63.255.255", []],
    ["100.127.255.255", ["carrier-nat"]],
    ["100.128.0.0", []],
    ["126.255.255.255", []],
    ["128.0.0.0", []],
    ["127.0.0.2", ["loopback"]],
    ["::1", ["loopback"]],
    ["::ffff:127.0.0.1", ["loopback"]],
    ["192.0.2.0/24", ["documentation"]],
    ["198.51.100.0/24", ["documentation"]],
    ["203.0.113.9", ["documentation"]],
    ["2001:db8::/48", ["documentation"]],
    ["2001:db7::/48", []],
    ["2001:db9::/48", []],
    ["3fff:fff::/48", ["documentation"]],
    ["3fff:1000::/48", []],
    ["9.9.9.9", []],
    ["2a00:1450::/48", []],
    ["2a00:1450::1", ["single-ipv6"]],
    ["2001:db8::1", ["documentation", "single-ipv6"]],
  ])("warns about %s: %j", (text, codes) => {
    expect(warningCodes(text)).toEqual(codes);
  });

  test("offers the /64 around a single IPv6 address", () => {
    const [warning] = accepted("2a00:1450:1:2:3:4:5:6").warnings;
    expect(warning).toMatchObject({
      warning: { code: "single-ipv6" },
      suggestion: "2a00:1450:1:2::/64",
    });
  });

  test("canonical text reads back as itself, and a suggestion is always readable", () => {
    const entry = fc.oneof(
      fc.tuple(anyAddress, fc.nat(130)).map(([{ text }, prefix]) => `${text}/${prefix}`),
      anyAddress.map(({ text }) => text),
      hostileText,
      fc.tuple(hostileText, hostileText).map((halves) => halves.join("/")),
    );
    fc.assert(
      fc.property(entry, (text) => {
        const parsed = parseCidr(text);
        const canonical = parsed.ok ? parsed.cidr : parsed.problem.suggestion;
        if (canonical === undefined) return;
        expect(accepted(canonical).cidr).toBe(canonical);
        expect(parseAddress(text.split("/")[0] ?? "")).not.toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});
