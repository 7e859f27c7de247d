import { isIP } from "node:net";
import { formatBits, networkBits, sameBits, toBits, type AddressBits } from "./address-bits.ts";
import { specialKindsIn } from "./special-networks.ts";
import type { Fault, NetworkWarning } from "../../contract/failures.ts";

export interface CidrProblem {
  /** For the person who typed the entry: what is wrong and what would be right. */
  readonly fault: Fault;
  /** The entry that was probably meant; never a guess at an ambiguous address. */
  readonly suggestion?: string;
}

export interface CidrWarning {
  readonly warning: NetworkWarning;
  readonly suggestion?: string;
}

export interface Cidr {
  readonly ok: true;
  /** Canonical text, always with its prefix: two entries mean the same exactly when these are equal. */
  readonly cidr: string;
  readonly family: 4 | 6;
  /** The first address of the network. */
  readonly bits: AddressBits;
  /** Length in bits of the entry's own family: 0 to 32, or 0 to 128. */
  readonly prefix: number;
  /** Wider than /8 (IPv4) or /32 (IPv6): the caller decides whether a confirmation is enough. */
  readonly isWide: boolean;
  /** Reasons to ask whether this was meant. None makes the entry invalid. */
  readonly warnings: readonly CidrWarning[];
}

export type ParsedCidr = Cidr | { readonly ok: false; readonly problem: CidrProblem };

/** Narrower than this is normal; a whole /8 or /32 is what the largest networks are given at once. */
const WIDEST_PREFIX = { 4: 8, 6: 32 } as const;

const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

/** What comes before the IPv4 address in an IPv4-mapped IPv6 address. */
const MAPPED_BITS = 96;

/**
 * Reads one entry of an allowlist: an IPv4 or IPv6 address, with or without a prefix length. A bare address is /32 or
 * /128. IPv4-mapped IPv6 is read as the IPv4 network it stands for. Host bits are refused and not silently cleared:
 * the person meant either the address or the network, and only they know which.
 */
export function parseCidr(text: string): ParsedCidr {
  const slash = text.indexOf("/");
  const addressText = slash === -1 ? text : text.slice(0, slash);
  const bits = toBits(addressText);
  if (bits === null) return refuse(addressProblem(addressText));

  const isMapped = bits.family === 4 && addressText.includes(":");
  const written = slash === -1 ? null : text.slice(slash + 1);
  const prefix = readPrefix(written, isMapped ? 6 : bits.family);
  if (prefix === null) return refuse(prefixProblem(isMapped ? 6 : bits.family));

  if (!isMapped) return checkNetwork(bits, prefix);
  if (prefix >= MAPPED_BITS) return checkNetwork(bits, prefix - MAPPED_BITS);
  return refuse({ fault: { code: "cidr-mapped-prefix" } });
}

/** What is wrong with an entry, told together with what else is wrong in its request. */
export function cidrRule(text: string): Fault | null {
  const parsed = parseCidr(text);
  return parsed.ok ? null : parsed.problem.fault;
}

function checkNetwork(bits: AddressBits, prefix: number): ParsedCidr {
  const network = networkBits(bits, prefix);
  const cidr = `${formatBits(network)}/${prefix}`;
  if (!sameBits(bits, network)) {
    const address = formatBits(bits);
    return refuse({
      fault: { code: "cidr-host-bits", params: { address, network: cidr } },
      suggestion: cidr,
    });
  }

  const isWide = prefix < WIDEST_PREFIX[bits.family];
  const warnings = warningsFor(network, prefix, isWide);
  return { ok: true, cidr, family: bits.family, bits: network, prefix, isWide, warnings };
}

/** Decimal without sign or leading zero. No prefix at all means the whole address. */
function readPrefix(written: string | null, family: 4 | 6): number | null {
  if (written === null) return ADDRESS_BITS[family];
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(written)) return null;
  const prefix = Number(written);
  return prefix <= ADDRESS_BITS[family] ? prefix : null;
}

function warningsFor(network: AddressBits, prefix: number, isWide: boolean): CidrWarning[] {
  const kinds = specialKindsIn(network, prefix);
  const warnings: CidrWarning[] = kinds.map((code) => ({ warning: { code } }));
  if (isWide) {
    const limit = `/${WIDEST_PREFIX[network.family]}`;
    warnings.unshift({ warning: { code: "too-wide", params: { prefix: limit } } });
  }
  if (network.family === 6 && prefix === 128 && !kinds.includes("loopback")) {
    const suggestion = `${formatBits(networkBits(network, 64))}/64`;
    const warning = { code: "single-ipv6", params: { network: suggestion } } as const;
    warnings.push({ warning, suggestion });
  }
  return warnings;
}

function prefixProblem(family: 4 | 6): CidrProblem {
  const example = family === 4 ? "/24" : "/64";
  return { fault: { code: "cidr-bad-prefix", params: { max: ADDRESS_BITS[family], example } } };
}

/** Names the commonest slips. None of these forms is ever read: other software reads them as different addresses. */
function addressProblem(text: string): CidrProblem {
  if (text.includes("%") && isIP(text) === 6) return { fault: { code: "cidr-zone-id" } };
  if (/^[0-9]{1,3}(?:\.[0-9]{1,3}){3}:[0-9]{1,5}$|^\[.{0,45}\](?::[0-9]{1,5})?$/.test(text))
    return { fault: { code: "cidr-has-port" } };
  if (/^[0-9]{1,10}(?:\.[0-9]{1,10}){0,2}$/.test(text))
    return { fault: { code: "cidr-short-form" } };
  if (/^[0-9]{1,10}(?:\.[0-9]{1,10}){3}$/.test(text) && /(?:^|\.)0[0-9]/.test(text))
    return { fault: { code: "cidr-leading-zero" } };
  return { fault: { code: "cidr-not-an-address" } };
}

function refuse(problem: CidrProblem): ParsedCidr {
  return { ok: false, problem };
}
