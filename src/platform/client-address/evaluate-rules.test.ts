import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAddress, hostileText } from "./address-arbitraries.ts";
import {
  compileRules,
  judgeLevels,
  matchRules,
  type RuleLevelName,
  type RuleMode,
} from "./evaluate-rules.ts";
import { parseAddress } from "./parse-address.ts";

const rulesOf = (...cidrs: string[]) => compileRules(cidrs.map((cidr) => ({ cidr, note: "" })));
const isIn = (cidr: string, address: string | null) => matchRules(rulesOf(cidr), address) === 0;

const level = (name: RuleLevelName, mode: RuleMode, ...cidrs: string[]) => ({
  level: name,
  mode,
  rules: rulesOf(...cidrs),
});

describe("matchRules", () => {
  // The questions on which net.BlockList or ipaddr.js answer wrongly, or differently from call to call.
  test.each([
    ["203.0.113.0/24", "::ffff:203.0.113.7", true],
    ["203.0.113.0/24", "::FFFF:CB00:7107", true],
    ["203.0.113.0/24", "203.0.113.7", true],
    ["::ffff:203.0.113.0/120", "203.0.113.7", true],
    ["0.0.0.0/0", "::ffff:1.2.3.4", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "203.0.113.7", false],
    ["::/0", "::ffff:203.0.113.7", false],
    ["::/0", "2001:db8::1", true],
    ["2001:db8:1:2::/64", "2001:db8:1:2::1", true],
    ["2001:db8:1:2::/64", "2001:db8:1:2::1%eth0", false],
    ["8.0.0.0/8", "010.0.0.1", false],
    ["10.0.0.0/8", "010.0.0.1", false],
    ["127.0.0.0/8", "127.1", false],
    ["127.0.0.0/8", "2130706433", false],
    ["127.0.0.0/8", "0x7f.1", false],
    ["10.2.3.4", "::ffff:010.2.3.4", false],
    ["203.0.113.0/24", "64:ff9b::203.0.113.7", false],
    ["203.0.113.0/24", "::203.0.113.7", false],
    ["203.0.113.0/24", "2002:cb00:7107::", false],
    ["203.0.113.7/32", "203.0.113.8", false], // nodejs/node#43360: a /32 that matched everything
    ["203.0.113.7/32", "1.1.1.1", false],
    ["203.0.113.8/29", "203.0.114.9", false], // nodejs/node#39074: only the last octet was compared
    ["203.0.113.8/29", "203.0.113.15", true],
    ["203.0.113.8/29", "203.0.113.16", false],
    ["128.0.0.0/1", "255.255.255.255", true],
    ["128.0.0.0/1", "127.255.255.255", false],
    ["2001:db8::7", "2001:db8::8", false],
    ["2001:db8::7", "2001:db8::7", true],
    ["2001:db8::/33", "2001:db8:8000::", false],
    ["2001:db8::/96", "2001:db8::1:0:0", false],
  ])("T17: %s holds %s: %s", (cidr, address, expected) => {
    expect(isIn(cidr, address)).toBe(expected);
  });

  test("answers with the first entry of the list, whatever families stand before it", () => {
    const rules = rulesOf(
      "2001:db8::/32",
      "10.0.0.0/8",
      "2001:db8::7",
      "10.1.0.0/16",
      "10.0.0.0/8",
    );
    expect(matchRules(rules, "10.1.2.3")).toBe(1);
    expect(matchRules(rules, "2001:db8::7")).toBe(0);
    expect(matchRules(rules, "192.0.2.1")).toBe(-1);
    expect(matchRules(rules, null)).toBe(-1);
    expect(matchRules(rulesOf(), "192.0.2.1")).toBe(-1);
  });

  test("an entry that is no CIDR is named and admits nobody", () => {
    const rules = rulesOf("garbage", "10.0.0.1/8", "", "192.0.2.0/24");
    expect(rules.unusable).toEqual([0, 1, 2]);
    expect(matchRules(rules, "10.0.0.1")).toBe(-1);
    expect(matchRules(rules, "192.0.2.1")).toBe(3);
  });

  test("agrees with comparing bits as text", () => {
    // A rule is cut from the address asked about with one bit turned, so that both answers are common at every bit.
    const question = fc
      .tuple(anyAddress, fc.nat(255), fc.nat(128))
      .map(([asked, turned, length]) => {
        const width = asked.bits.length;
        const bits = turnBit(asked.bits, turned % (width * 2));
        const prefix = Math.min(length, width);
        return { asked, bits, prefix, cidr: `${networkText(bits, prefix)}/${prefix}` };
      })
      // Turned into an IPv4-mapped address it would mean another family.
      .filter(({ bits }) => bits.length === 32 || !bits.startsWith(MAPPED_START));
    fc.assert(
      fc.property(
        fc.array(question, { minLength: 1, maxLength: 8 }),
        anyAddress,
        (list, stranger) => {
          const rules = rulesOf(...list.map(({ cidr }) => cidr));
          expect(rules.unusable).toEqual([]);
          for (const asked of [stranger, ...list.map((item) => item.asked)]) {
            const expected = list.findIndex(
              ({ bits, prefix }) =>
                bits.length === asked.bits.length &&
                bits.slice(0, prefix) === asked.bits.slice(0, prefix),
            );
            expect(matchRules(rules, asked.text)).toBe(expected);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("T14: text that is no address is in no network, the widest included", () => {
    const rules = rulesOf("0.0.0.0/0", "::/0");
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(matchRules(rules, text) === -1).toBe(parseAddress(text) === null);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("judgeLevels", () => {
  test("every enforced level must hold the address: lower levels only narrow", () => {
    const levels = [
      level("app", "enforce", "10.0.0.0/8"),
      level("service-account", "enforce", "10.1.0.0/16", "192.0.2.0/24"),
      level("key", "enforce", "10.1.1.1"),
    ];
    expect(judgeLevels(levels, "10.1.1.1")).toEqual({
      allowed: true,
      wouldRefuse: false,
      matched: [
        { level: "app", mode: "enforce", cidr: "10.0.0.0/8" },
        { level: "service-account", mode: "enforce", cidr: "10.1.0.0/16" },
        { level: "key", mode: "enforce", cidr: "10.1.1.1/32" },
      ],
    });
    expect(judgeLevels(levels, "10.1.1.2").allowed).toBe(false);
    expect(judgeLevels(levels, "10.2.1.1").allowed).toBe(false);
    expect(judgeLevels(levels, "192.0.2.1").allowed).toBe(false);
  });

  test("monitor tells and lets pass, off is silent, enforce decides", () => {
    const levels = [
      level("app", "monitor", "10.0.0.0/8"),
      level("service-account", "off", "10.0.0.0/8"),
      level("key", "enforce", "192.0.2.0/24"),
    ];
    expect(judgeLevels(levels, "192.0.2.1")).toEqual({
      allowed: true,
      wouldRefuse: true,
      matched: [
        { level: "app", mode: "monitor", cidr: null },
        { level: "key", mode: "enforce", cidr: "192.0.2.0/24" },
      ],
    });
    expect(judgeLevels(levels, "10.0.0.1")).toMatchObject({ allowed: false, wouldRefuse: false });
  });

  test("an enforced empty list refuses everybody", () => {
    expect(judgeLevels([level("key", "enforce")], "192.0.2.1").allowed).toBe(false);
  });

  test("a mode that nobody knows binds like enforce", () => {
    const spoiled = Object.assign(level("key", "enforce"), { mode: "ENFORCE" });
    expect(judgeLevels([spoiled], "192.0.2.1").allowed).toBe(false);
  });

  test("T14: an unknown or unreadable address is refused by any enforced level, and only there", () => {
    const open = level("app", "enforce", "0.0.0.0/0", "::/0");
    for (const address of [null, "", "a", ",", "fe80::1%eth0", "127.1", "010.0.0.1", "unknown"]) {
      expect(judgeLevels([open], address)).toMatchObject({ allowed: false });
      expect(judgeLevels([], address)).toEqual({ allowed: true, wouldRefuse: false, matched: [] });
      expect(judgeLevels([{ ...open, mode: "monitor" }], address)).toMatchObject({
        allowed: true,
        wouldRefuse: true,
      });
    }
  });

  test("T16: a narrowed list binds the very next question", () => {
    expect(judgeLevels([level("key", "enforce", "192.0.2.0/24")], "192.0.2.9").allowed).toBe(true);
    expect(judgeLevels([level("key", "enforce", "192.0.2.0/29")], "192.0.2.9").allowed).toBe(false);
  });

  test("T17: loopback and private addresses get no pass of their own", () => {
    const levels = [level("key", "enforce", "192.0.2.0/24")];
    for (const address of [
      "127.0.0.1",
      "::1",
      "::ffff:127.0.0.1",
      "10.0.0.1",
      "fd00::1",
      "0.0.0.0",
      "::",
    ]) {
      expect(judgeLevels(levels, address).allowed).toBe(false);
    }
  });

  test("allows exactly what every enforced level would allow alone", () => {
    const names = fc.constantFrom<RuleLevelName>("app", "service-account", "key");
    const modes = fc.constantFrom<RuleMode>("off", "monitor", "enforce");
    const cidrs = fc.subarray(["10.0.0.0/8", "10.1.0.0/16", "::/0", "2001:db8::/64", "0.0.0.0/0"]);
    const levels = fc.array(
      fc.tuple(names, modes, cidrs).map(([name, mode, list]) => level(name, mode, ...list)),
      { maxLength: 4 },
    );
    const address = fc.oneof(
      fc.constantFrom("10.0.0.1", "10.1.0.1", "::ffff:10.1.0.1", "2001:db8::1", "::1", null),
      hostileText,
    );
    fc.assert(
      fc.property(levels, address, (given, from) => {
        const refuses = (mode: RuleMode) =>
          given.some((item) => item.mode === mode && matchRules(item.rules, from) === -1);
        const judgement = judgeLevels(given, from);
        expect(judgement.allowed).toBe(!refuses("enforce"));
        expect(judgement.wouldRefuse).toBe(refuses("monitor"));
      }),
      { numRuns: 1000 },
    );
  });
});

const MAPPED_START = "0".repeat(80) + "1".repeat(16);

/** Turns one bit; beyond the end, none. */
function turnBit(bits: string, at: number): string {
  if (at >= bits.length) return bits;
  return bits.slice(0, at) + (bits[at] === "0" ? "1" : "0") + bits.slice(at + 1);
}

/** The first address of a network, from bits as text. */
function networkText(bits: string, prefix: number): string {
  const cleared = bits.slice(0, prefix).padEnd(bits.length, "0");
  if (bits.length === 32) return chunks(cleared, 8).join(".");
  return chunks(cleared, 16)
    .map((part) => part.toString(16))
    .join(":");
}

function chunks(bits: string, width: number): number[] {
  const parts: number[] = [];
  for (let at = 0; at < bits.length; at += width) {
    parts.push(Number.parseInt(bits.slice(at, at + width), 2));
  }
  return parts;
}
