import { parseAddress } from "./parse-address.ts";
import { parseCidr } from "./parse-cidr.ts";
import { compileRules, matchRules, type CompiledRules } from "./evaluate-rules.ts";
import { readHop, type ForwardedHeader } from "./forwarded-hop.ts";
import { faultText } from "../../failures.ts";

export interface ResolverOptions {
  /** CIDRs whose word about the caller is believed. Empty: nobody's. */
  readonly trustedProxies: readonly string[];
  /** The one header family that the trusted proxies write. Null: none, and the peer is always the client. */
  readonly forwardedHeader: ForwardedHeader | null;
}

export interface ConnectionFacts {
  /** `socket.remoteAddress`; undefined once the connection is gone, and on Unix sockets. */
  readonly peer: string | undefined;
  /** Node's `rawHeaders`: name, value, name, value … The parsed headers join repetitions, which hides an attack. */
  readonly rawHeaders: readonly string[];
}

export type UnknownClientReason =
  | "peer-unknown"
  | "header-missing"
  | "header-too-long"
  | "too-many-hops"
  | "hop-unreadable";

export type ClientAddress =
  | { readonly address: string; readonly via: "peer" | "forwarded" }
  | { readonly address: null; readonly reason: UnknownClientReason };

export type ResolveClient = (connection: ConnectionFacts) => ClientAddress;

/** No honest chain comes near; reading more would be work that a stranger orders. */
const MAX_HOPS = 32;
const MAX_HEADER_BYTES = 2048;

/** Peers remembered with their verdict. Some 200 KB at most, and more than a busy proxy tier has. */
const MAX_REMEMBERED_PEERS = 1024;

interface Peer {
  readonly isTrusted: boolean;
  readonly client: ClientAddress;
}

/**
 * Makes the one function that tells where a request comes from. A peer that is not a trusted proxy *is* the client,
 * and none of its headers is looked at. A trusted peer's header is walked right to left past trusted hops; the first
 * other hop is the client. What cannot be read strictly is unknown, and unknown is never a pass.
 * @throws Error naming every entry of `trustedProxies` that is not a CIDR, or that trusts the whole internet.
 */
export function createResolver({
  trustedProxies,
  forwardedHeader,
}: ResolverOptions): ResolveClient {
  const trusted = compileTrusted(trustedProxies);
  const peers = new Map<string, Peer>();

  return ({ peer, rawHeaders }) => {
    if (peer === undefined) return unknownClient("peer-unknown");
    const known = peers.get(peer) ?? remember(peers, peer, judgePeer(peer, trusted));
    if (!known.isTrusted || forwardedHeader === null) return known.client;
    return walkHops(valuesOf(rawHeaders, forwardedHeader), forwardedHeader, trusted);
  };
}

/**
 * The address in a header that must hold exactly one, such as a gateway's X-Real-IP: null when the header is missing,
 * repeated, comma-joined, or anything but one strict address. Only for a peer that has proven who it is.
 */
export function parseSingleAddressHeader(
  rawHeaders: readonly string[],
  name: string,
): string | null {
  const [value, ...others] = valuesOf(rawHeaders, name.toLowerCase());
  return value === undefined || others.length > 0 ? null : parseAddress(trimSpace(value));
}

function compileTrusted(trustedProxies: readonly string[]): CompiledRules {
  const faults = trustedProxies.flatMap((text) => {
    const parsed = parseCidr(text);
    if (!parsed.ok) return [`${JSON.stringify(text)}: ${faultText(parsed.problem.fault)}`];
    // With everybody trusted, everybody would choose their own address.
    return parsed.prefix === 0 ? [`${parsed.cidr}: this trusts the whole internet.`] : [];
  });
  if (faults.length > 0) throw new Error(`trusted proxies: ${faults.join(" ")}`);
  return compileRules(trustedProxies.map((cidr) => ({ cidr, note: "" })));
}

function judgePeer(peer: string, trusted: CompiledRules): Peer {
  const address = parseAddress(peer);
  if (address === null) return { isTrusted: false, client: unknownClient("peer-unknown") };
  const client: ClientAddress = Object.freeze({ address, via: "peer" });
  return { isTrusted: matchRules(trusted, address) !== -1, client };
}

/** Drops the oldest when full: a stranger with many addresses costs work, never memory. */
function remember(peers: Map<string, Peer>, text: string, peer: Peer): Peer {
  if (peers.size >= MAX_REMEMBERED_PEERS) {
    for (const oldest of peers.keys()) {
      peers.delete(oldest);
      break;
    }
  }
  peers.set(text, peer);
  return peer;
}

function walkHops(
  values: readonly string[],
  header: ForwardedHeader,
  trusted: CompiledRules,
): ClientAddress {
  if (values.length === 0) return unknownClient("header-missing");
  const chain = values.join(",");
  if (chain.length > MAX_HEADER_BYTES) return unknownClient("header-too-long");
  const hops = chain.split(",");
  if (hops.length > MAX_HOPS) return unknownClient("too-many-hops");

  let address: string | null = null;
  for (const hop of hops.toReversed()) {
    address = readHop[header](trimSpace(hop));
    if (address === null) return unknownClient("hop-unreadable");
    if (matchRules(trusted, address) === -1) break;
  }
  // Trusted to the very left: the left-most one called, from inside.
  return address === null ? unknownClient("hop-unreadable") : { address, via: "forwarded" };
}

/** Every value of a header, in the order of the wire. `name` is lower case. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at];
    const value = rawHeaders[at + 1];
    if (candidate?.length !== name.length || value === undefined) continue;
    if (candidate.toLowerCase() === name) values.push(value);
  }
  return values;
}

/**
 * Space and tab only (RFC 9110 section 5.6.3): `trim` would also take away what an attacker may hope to hide. A loop,
 * because `/[ \t]+$/` takes quadratic time on a header full of spaces.
 */
function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function unknownClient(reason: UnknownClientReason): ClientAddress {
  return { address: null, reason };
}
