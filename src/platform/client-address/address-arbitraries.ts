import * as fc from "fast-check";

/** For tests only: addresses as plain numbers and in any spelling, so that tests need none of the code they test. */
export type Groups = readonly number[];

const octet = fc.oneof(fc.constantFrom(0, 1, 9, 10, 100, 127, 128, 255), fc.nat(255));
const group = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.constantFrom(1, 0xffff),
  fc.nat(0xffff),
);

/** Four octets. */
export const ipv4Octets = fc.array(octet, { minLength: 4, maxLength: 4 });

/** Eight groups of IPv6 with many zeros, never IPv4-mapped. */
export const ipv6Groups = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .filter((groups) => !(groups.slice(0, 5).every((part) => part === 0) && groups[5] === 0xffff));

/** How to write an IPv6 address: every freedom that RFC 4291 section 2.2 leaves. */
export const spelling = fc.record({
  isUpper: fc.boolean(),
  isPadded: fc.boolean(),
  hasDottedTail: fc.boolean(),
  /** Which run of zeros "::" replaces, if any. */
  gap: fc.option(fc.record({ start: fc.nat(7), length: fc.integer({ min: 1, max: 8 }) }), {
    nil: undefined,
  }),
});
export type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

export function spellIPv6(
  groups: Groups,
  { isUpper, isPadded, hasDottedTail, gap }: Spelling,
): string {
  const hex = groups.map((part) => part.toString(16).padStart(isPadded ? 4 : 1, "0"));
  const words = hex.map((part) => (isUpper ? part.toUpperCase() : part));
  const [high = 0, low = 0] = groups.slice(6);
  const tail = [high >> 8, high & 255, low >> 8, low & 255].join(".");
  const parts = hasDottedTail ? [...words.slice(0, 6), tail] : words;
  if (gap === undefined) return parts.join(":");

  const end = Math.min(gap.start + gap.length, hasDottedTail ? 6 : 8);
  const isZeroRun = end > gap.start && groups.slice(gap.start, end).every((part) => part === 0);
  if (!isZeroRun) return parts.join(":");
  return `${parts.slice(0, gap.start).join(":")}::${parts.slice(end).join(":")}`;
}

export function mappedGroups(octets: Groups): Groups {
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d];
}

/** An address that means one thing, with its model: the bits as text. */
export const anyAddress = fc.oneof(
  ipv4Octets.map((octets) => ({ text: octets.join("."), bits: binary(octets, 8) })),
  fc.tuple(ipv4Octets, spelling).map(([octets, spelt]) => ({
    text: spellIPv6(mappedGroups(octets), spelt),
    bits: binary(octets, 8),
  })),
  fc.tuple(ipv6Groups, spelling).map(([groups, spelt]) => ({
    text: spellIPv6(groups, spelt),
    bits: binary(groups, 16),
  })),
);

function binary(parts: Groups, width: number): string {
  return parts.map((part) => part.toString(2).padStart(width, "0")).join("");
}

/** Text an attacker would try: noise, near misses of addresses, and the notations that other parsers read. */
export const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdefFx.:%[]/,;"=_ \t\\'.split("")),
    maxLength: 50,
  }),
  fc
    .tuple(
      anyAddress,
      fc.nat(50),
      fc.constantFrom("", "0", ".", ":", "%lo", " ", "\n", "\0", "x", "/0", ":80", "[", "０"),
    )
    .map(([{ text }, at, noise]) => text.slice(0, at) + noise + text.slice(at)),
  ipv4Octets.map(([a = 0, b = 0, c = 0, d = 0]) => `0${a.toString(8)}.${b}.${c}.${d}`),
  ipv4Octets.map(([a = 0, b = 0]) => `${a}.${b}`),
  ipv4Octets.map(([a = 0, b = 0, c = 0, d = 0]) => String(((a * 256 + b) * 256 + c) * 256 + d)),
  ipv4Octets.map((octets) => octets.map((part) => `0x${part.toString(16)}`).join(".")),
  anyAddress.map(({ text }) => `${text}%eth0`),
);
