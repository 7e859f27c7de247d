import { networkBits, toBits, type AddressBits } from "./address-bits.ts";
import { parseCidr } from "./parse-cidr.ts";

export interface RuleEntry {
  /** An address or network as `parseCidr` accepts it. */
  readonly cidr: string;
  readonly note: string;
}

interface CompiledRule {
  /** Where the entry stands in `CompiledRules.entries`. */
  readonly index: number;
  readonly network: AddressBits;
  readonly mask: AddressBits;
}

/** An allowlist made ready for matching. Families are kept apart: no IPv6 entry, `::/0` included, admits IPv4. */
export interface CompiledRules {
  /** The entries in their order, `cidr` in canonical text. */
  readonly entries: readonly RuleEntry[];
  /** Indexes of entries that are no CIDR. They match nobody, so a spoiled row can only narrow the list. */
  readonly unusable: readonly number[];
  readonly ipv4: readonly CompiledRule[];
  readonly ipv6: readonly CompiledRule[];
}

export type RuleMode = "off" | "monitor" | "enforce";
export type RuleLevelName = "app" | "service-account" | "key";

export interface RuleLevel {
  readonly level: RuleLevelName;
  readonly mode: RuleMode;
  readonly rules: CompiledRules;
}

export interface LevelMatch {
  readonly level: RuleLevelName;
  readonly mode: RuleMode;
  /** The first entry that admits the address, in canonical text; null when none does. */
  readonly cidr: string | null;
}

export interface AddressJudgement {
  readonly allowed: boolean;
  /** A level in monitor mode would have refused. */
  readonly wouldRefuse: boolean;
  /** One for each level that is not off, in the order given. */
  readonly matched: readonly LevelMatch[];
}

/** Prepares an allowlist once, so that matching allocates nothing per rule. */
export function compileRules(entries: readonly RuleEntry[]): CompiledRules {
  const canonical: RuleEntry[] = [];
  const unusable: number[] = [];
  const ipv4: CompiledRule[] = [];
  const ipv6: CompiledRule[] = [];
  for (const [index, { cidr, note }] of entries.entries()) {
    const parsed = parseCidr(cidr);
    canonical.push({ cidr: parsed.ok ? parsed.cidr : cidr, note });
    if (!parsed.ok) {
      unusable.push(index);
      continue;
    }
    const rule = { index, network: parsed.bits, mask: maskOf(parsed.family, parsed.prefix) };
    (parsed.family === 4 ? ipv4 : ipv6).push(rule);
  }
  return { entries: canonical, unusable, ipv4, ipv6 };
}

/** The index of the first entry that holds the address, or -1. An address that cannot be read is in no network. */
export function matchRules(rules: CompiledRules, address: string | null): number {
  const bits = address === null ? null : toBits(address);
  return bits === null ? -1 : matchBits(rules, bits);
}

/**
 * Judges an address at every level. Each enforced level must hold it: levels intersect, so a lower one can only narrow.
 * An unknown or unreadable address is in no level's list. Levels that are off have no say; without any, all may pass.
 */
export function judgeLevels(
  levels: readonly RuleLevel[],
  address: string | null,
): AddressJudgement {
  const bits = address === null ? null : toBits(address);
  const matched: LevelMatch[] = [];
  let allowed = true;
  let wouldRefuse = false;
  for (const { level, mode, rules } of levels) {
    if (mode === "off") continue;
    const index = bits === null ? -1 : matchBits(rules, bits);
    matched.push({ level, mode, cidr: rules.entries[index]?.cidr ?? null });
    if (index !== -1) continue;
    if (mode === "monitor") wouldRefuse = true;
    else allowed = false; // enforce, and whatever else a spoiled row may say
  }
  return { allowed, wouldRefuse, matched };
}

function maskOf(family: 4 | 6, prefix: number): AddressBits {
  return networkBits({ family, w0: -1, w1: -1, w2: -1, w3: -1 }, prefix);
}

function matchBits(rules: CompiledRules, bits: AddressBits): number {
  return bits.family === 4 ? matchIPv4(rules.ipv4, bits) : matchIPv6(rules.ipv6, bits);
}

function matchIPv4(rules: readonly CompiledRule[], { w0 }: AddressBits): number {
  for (const { index, network, mask } of rules) {
    if ((w0 & mask.w0) === network.w0) return index;
  }
  return -1;
}

function matchIPv6(rules: readonly CompiledRule[], { w0, w1, w2, w3 }: AddressBits): number {
  for (const { index, network, mask } of rules) {
    if (
      (w0 & mask.w0) === network.w0 &&
      (w1 & mask.w1) === network.w1 &&
      (w2 & mask.w2) === network.w2 &&
      (w3 & mask.w3) === network.w3
    ) {
      return index;
    }
  }
  return -1;
}
