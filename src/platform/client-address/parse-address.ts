import { formatBits, networkBits, toBits, type AddressBits } from "./address-bits.ts";

/** The one limiter bucket of every caller whose address is not known: shared, so that it is never a free pass. */
export const UNKNOWN_NETWORK = "unknown";

/** One IPv6 customer usually holds a whole /64; counting single addresses would give each 2^64 fresh buckets. */
const IPV6_NETWORK_BITS = 64;

/**
 * The canonical text of an address from outside, or null when it is not exactly one address: no port, no brackets, no
 * zone id, no octal, short or hexadecimal form, nothing around it. IPv4-mapped IPv6 in any spelling becomes IPv4.
 * Null means *unknown* and is never a reason to let somebody in.
 */
export function parseAddress(text: string): string | null {
  const bits = toBits(text);
  if (bits === null) return null;
  // isIP lets through one spelling of IPv4 only, unless it came mapped.
  return bits.family === 4 && !text.includes(":") ? text : formatBits(bits);
}

/** The limiter's bucket for an address: IPv4 /32, IPv6 /64, `UNKNOWN_NETWORK` for null and for what is no address. */
export function networkOf(address: string | null): string {
  const bits = address === null ? null : toBits(address);
  return bits === null ? UNKNOWN_NETWORK : networkText(bits);
}

/**
 * Where somebody usually is: what a provider or an office hands out of, IPv4 /24 and IPv6 /48. Wider than a limiter's
 * bucket, so that a new lease of the same line is no new place.
 */
export function wideNetworkOf(address: string | null): string {
  const bits = address === null ? null : toBits(address);
  return bits === null ? UNKNOWN_NETWORK : prefixText(bits, bits.family === 4 ? 24 : 48);
}

const networkText = (bits: AddressBits): string =>
  prefixText(bits, bits.family === 4 ? 32 : IPV6_NETWORK_BITS);

const prefixText = (bits: AddressBits, prefix: number): string =>
  `${formatBits(networkBits(bits, prefix))}/${prefix}`;
