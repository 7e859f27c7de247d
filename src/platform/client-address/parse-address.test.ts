import { isIP } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hostileText,
  ipv4Octets,
  ipv6Groups,
  mappedGroups,
  spelling,
  spellIPv6,
} from "./address-arbitraries.ts";
import { networkOf, parseAddress, UNKNOWN_NETWORK } from "./parse-address.ts";

describe("parseAddress", () => {
  // T14, T17: each of these is a real address to some parser (octal, hexadecimal, short, decimal, zone, port).
  test.each([
    ["octal", "010.0.0.1"],
    ["octal, looks harmless", "1.2.3.04"],
    ["hexadecimal", "0x7f.1"],
    ["hexadecimal, one number", "0x7f000001"],
    ["one decimal number", "2130706433"],
    ["short form", "127.1"],
    ["leading space", " 127.0.0.1"],
    ["trailing space", "127.0.0.1 "],
    ["trailing newline", "127.0.0.1\n"],
    ["trailing NUL", "127.0.0.1\0"],
    ["brackets", "[::1]"],
    ["port", "1.2.3.4:80"],
    ["port after brackets", "[2001:db8::1]:4433"],
    ["padded dotted tail", "::ffff:01.2.3.4"],
    ["octal dotted tail", "::ffff:010.2.3.4"],
    ["full-width digits", "１.2.3.4"],
    ["zone id", "::1%lo"],
    ["zone id, link-local", "fe80::1%eth0"],
    ["zone id on a mapped address", "::ffff:127.0.0.1%lo"],
    ["empty zone id", "::1%"],
    ["too large", "256.0.0.1"],
    ["five numbers", "1.2.3.4.5"],
    ["two gaps", "1::2::3"],
    ["a gap for nothing", "1:2:3::4:5:6:7:8"],
    ["nine groups", "1:2:3:4:5:6:7:8:9"],
    ["five digits", "2001:0db8f::"],
    ["CIDR", "1.2.3.4/32"],
    ["list", "1.2.3.4, 1.2.3.4"],
    ["name", "localhost"],
    ["garbage", "a"],
    ["RFC 7239 unknown", "unknown"],
    ["empty", ""],
    ["100 KB", "1".repeat(100_000)],
    ["100 KB of zeros before an address", `::${"0".repeat(100_000)}1`],
  ])("T14 T17: %s is no address", (_name, text) => {
    expect(parseAddress(text)).toBeNull();
    expect(networkOf(text)).toBe(UNKNOWN_NETWORK);
  });

  test.each([
    ["203.0.113.7", "203.0.113.7"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // RFC 5952 section 4.2.3: the first of equal runs
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // section 4.2.2: a single zero group stays
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::FFFF:102:304", "1.2.3.4"],
    ["0000:0000:0000:0000:0000:ffff:0102:0304", "1.2.3.4"],
    ["0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255"],
    ["0::ffff:1.2.3.4", "1.2.3.4"],
    ["::ffff:0:0", "0.0.0.0"],
  ])("reads %s as %s", (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical);
  });

  // Translating these would let whoever owns a gateway, or nobody, speak for an IPv4 address.
  test.each([
    ["NAT64", "64:ff9b::203.0.113.7", "64:ff9b::cb00:7107"],
    ["6to4", "2002:cb00:7107::1", "2002:cb00:7107::1"],
    ["IPv4-compatible", "::203.0.113.7", "::cb00:7107"],
    ["IPv4-translated", "::ffff:0:203.0.113.7", "::ffff:0:cb00:7107"],
    ["a dotted tail anywhere else", "2001:db8::1.2.3.4", "2001:db8::102:304"],
    ["almost mapped", "::fffe:1.2.3.4", "::fffe:102:304"],
    ["mapped in the wrong place", "::ffff:102:304:0:0", "::ffff:102:304:0:0"],
  ])("leaves %s IPv6", (_name, text, canonical) => {
    expect(parseAddress(text)).toBe(canonical);
  });

  test("T17: every spelling of an IPv4-mapped address is that IPv4 address", () => {
    fc.assert(
      fc.property(ipv4Octets, spelling, (octets, spelt) => {
        expect(parseAddress(spellIPv6(mappedGroups(octets), spelt))).toBe(octets.join("."));
      }),
      { numRuns: 1000 },
    );
  });

  test("every spelling of an IPv6 address has one canonical text, the one the URL standard writes", () => {
    fc.assert(
      fc.property(ipv6Groups, spelling, (groups, spelt) => {
        const plain = groups.map((part) => part.toString(16)).join(":");
        const expected = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
        expect(parseAddress(spellIPv6(groups, spelt))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("T14: whatever the text, the answer is null or a canonical address", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const address = parseAddress(text);
        if (address === null) return;
        expect(isIP(text)).not.toBe(0);
        expect(isIP(address)).not.toBe(0);
        expect(address).not.toContain("%");
        expect(parseAddress(address)).toBe(address);
        expect(address.toLowerCase().startsWith("::ffff:") && address.includes(".")).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("networkOf", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["::ffff:203.0.113.7", "203.0.113.7/32"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::", "2001:db8:1:3::/64"],
    ["::1", "::/64"],
  ])("T15: the bucket of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test("T15: callers without an address share one bucket, and it is not free", () => {
    expect(networkOf(null)).toBe(UNKNOWN_NETWORK);
    expect(networkOf("garbage")).toBe(networkOf(null));
  });

  test("T15: different IPv4 addresses never share a bucket, however they are written", () => {
    fc.assert(
      fc.property(ipv4Octets, ipv4Octets, spelling, (one, other, spelt) => {
        const isSame = one.join(".") === other.join(".");
        const mapped = spellIPv6(mappedGroups(other), spelt);
        expect(networkOf(one.join(".")) === networkOf(mapped)).toBe(isSame);
      }),
    );
  });
});
