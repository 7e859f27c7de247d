import { networkBits, sameBits, toBits, type AddressBits } from "./address-bits.ts";

export type SpecialNetwork = "private" | "carrier-nat" | "loopback" | "documentation";

/** Networks that rarely are what an allowlist means: from outside, nobody arrives from them. */
const specialNetworks: readonly {
  kind: SpecialNetwork;
  network: AddressBits;
  prefix: number;
}[] = [
  special("private", "10.0.0.0", 8), // RFC 1918
  special("private", "172.16.0.0", 12),
  special("private", "192.168.0.0", 16),
  special("private", "fc00::", 7), // RFC 4193, unique local
  special("carrier-nat", "100.64.0.0", 10), // RFC 6598
  special("loopback", "127.0.0.0", 8), // RFC 1122
  special("loopback", "::1", 128), // RFC 4291
  special("documentation", "192.0.2.0", 24), // RFC 5737
  special("documentation", "198.51.100.0", 24),
  special("documentation", "203.0.113.0", 24),
  special("documentation", "2001:db8::", 32), // RFC 3849
  special("documentation", "3fff::", 20), // RFC 9637
];

/** The kinds of special network that share an address with this one, each once. */
export function specialKindsIn(bits: AddressBits, prefix: number): SpecialNetwork[] {
  const kinds = specialNetworks
    .filter((candidate) => overlaps(bits, prefix, candidate))
    .map((candidate) => candidate.kind);
  return [...new Set(kinds)];
}

/** Two networks overlap when they agree on the shorter of both prefixes. */
function overlaps(
  bits: AddressBits,
  prefix: number,
  other: { network: AddressBits; prefix: number },
): boolean {
  const shorter = Math.min(prefix, other.prefix);
  return sameBits(networkBits(bits, shorter), networkBits(other.network, shorter));
}

function special(kind: SpecialNetwork, address: string, prefix: number) {
  const network = toBits(address);
  if (network === null) throw new Error(`not an address: ${address}`);
  return { kind, network, prefix };
}
