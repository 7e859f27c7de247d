import { networkBits, sameBits, toBits, type AddressBits } from "../client-address/address-bits.ts";
import { parseCidr } from "../client-address/parse-cidr.ts";

type Network = { bits: AddressBits; prefix: number };

/**
 * What is not globally reachable, or leads to another address than it says (IANA IPv4 and IPv6 Special-Purpose
 * Address Registries). Of IPv6, only 2000::/3 is in use at all: everything else is refused without a line here,
 * unique local and link-local addresses, loopback, multicast and NAT64 among them.
 */
const notPublic: readonly Network[] = [
  "0.0.0.0/8", // "this network"; on Linux, this very machine
  "10.0.0.0/8", // RFC 1918
  "100.64.0.0/10", // RFC 6598, carriers' NAT
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local, and clouds' metadata
  "172.16.0.0/12", // RFC 1918
  "192.0.0.0/24", // IETF protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays
  "192.168.0.0/16", // RFC 1918
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
  "2001::/23", // IETF protocol assignments, Teredo among them
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4 carries an IPv4 address
  "3fff::/20", // documentation
].map(networkOf);

const inUse = networkOf("2000::/3");

/** Private networks that the operator lets outgoing calls reach, from the setting's canonical CIDRs. */
export class AllowedNetworks {
  readonly #networks: readonly Network[];

  constructor(cidrs: readonly string[]) {
    this.#networks = cidrs.map(networkOf);
  }

  has(bits: AddressBits): boolean {
    return this.#networks.some((network) => contains(network, bits));
  }
}

/**
 * Whether an outgoing call that somebody else chose the target of may go to this address: a public one, or one
 * in a network that the operator allowed. What is no address may not.
 */
export function mayReach(address: string, allowed: AllowedNetworks): boolean {
  const bits = toBits(address);
  if (bits === null) return false;
  return isPublic(bits) || allowed.has(bits);
}

const isPublic = (bits: AddressBits): boolean =>
  (bits.family === 4 || contains(inUse, bits)) &&
  !notPublic.some((network) => contains(network, bits));

const contains = ({ bits, prefix }: Network, address: AddressBits): boolean =>
  sameBits(networkBits(address, prefix), bits);

function networkOf(cidr: string): Network {
  const parsed = parseCidr(cidr);
  if (!parsed.ok) throw new Error(`not a network: ${cidr}`);
  return { bits: parsed.bits, prefix: parsed.prefix };
}
