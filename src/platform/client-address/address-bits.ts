import { isIP } from "node:net";

/**
 * An address as numbers. Each word is 32 bits of it, most significant first, held as a *signed* int32: signed words
 * stay small integers inside V8, so comparing them allocates nothing. IPv4 uses `w0`; its other words are 0.
 */
export interface AddressBits {
  readonly family: 4 | 6;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

/** "0000:0000:0000:0000:0000:ffff:255.255.255.255": nothing longer is an address, and hostile text can be 100 KB. */
const MAX_ADDRESS_CHARACTERS = 45;

const DOT = 0x2e;
const COLON = 0x3a;

/** The eight groups of the IPv6 address being read. One for all: reading is synchronous and never nested. */
const groups = new DataView(new ArrayBuffer(16));

/**
 * Reads an IPv4 or IPv6 address, or answers null. `net.isIP` is the gate: octal, short, hexadecimal and padded forms
 * do not pass it. A zone id does, so it is refused here. An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is read
 * as the IPv4 address it carries, whatever its spelling; NAT64, 6to4 and IPv4-compatible addresses stay IPv6.
 */
export function toBits(text: string): AddressBits | null {
  if (text.length > MAX_ADDRESS_CHARACTERS) return null;
  const family = isIP(text);
  if (family === 4) return ipv4Bits(readDotted(text, 0));
  if (family === 6 && !text.includes("%")) return readIPv6(text);
  return null;
}

/** Canonical text: dotted decimal, or RFC 5952 without its optional dotted tail, so that every address has one spelling. */
export function formatBits(bits: AddressBits): string {
  if (bits.family === 4) return formatDotted(bits.w0);
  const parts = groupsOf(bits);
  const { start, length } = longestZeroRun(parts);
  let text = "";
  for (let index = 0; index < parts.length; index += 1) {
    if (length > 1 && index === start) {
      text += "::";
      index += length - 1;
      continue;
    }
    if (text !== "" && !text.endsWith(":")) text += ":";
    text += (parts[index] ?? 0).toString(16);
  }
  return text;
}

/** The first address of the network of that prefix length (in bits of the address's own family) around an address. */
export function networkBits(bits: AddressBits, prefix: number): AddressBits {
  return {
    family: bits.family,
    w0: bits.w0 & maskWord(prefix, 0),
    w1: bits.w1 & maskWord(prefix, 1),
    w2: bits.w2 & maskWord(prefix, 2),
    w3: bits.w3 & maskWord(prefix, 3),
  };
}

/** Whether two addresses are the same, family included. */
export function sameBits(a: AddressBits, b: AddressBits): boolean {
  return a.family === b.family && a.w0 === b.w0 && a.w1 === b.w1 && a.w2 === b.w2 && a.w3 === b.w3;
}

/** The 32-bit mask of one word (0 to 3) below a prefix. A shift by 32 would shift by 0 and make /0 match like /32. */
function maskWord(prefix: number, word: 0 | 1 | 2 | 3): number {
  const length = Math.min(32, Math.max(0, prefix - 32 * word));
  return length === 0 ? 0 : -1 << (32 - length);
}

function ipv4Bits(word: number): AddressBits {
  return { family: 4, w0: word, w1: 0, w2: 0, w3: 0 };
}

/** Reads dotted decimal that `isIP` let through, from `start` to the end. */
function readDotted(text: string, start: number): number {
  let word = 0;
  let octet = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      word = (word << 8) | octet;
      octet = 0;
    } else {
      octet = octet * 10 + (code - 0x30);
    }
  }
  return (word << 8) | octet;
}

/** Reads IPv6 that `isIP` let through and that has no zone id. */
function readIPv6(text: string): AddressBits {
  let count = 0; // groups read so far
  let gap = -1; // how many of them stand before "::"
  let group = 0;
  let start = 0; // where the text of the current group begins

  for (let at = 0; at <= text.length; at += 1) {
    const code = at < text.length ? text.charCodeAt(at) : COLON;
    if (code === DOT) {
      groups.setInt32(count * 2, readDotted(text, start));
      count += 2;
      break;
    }
    if (code !== COLON) {
      group = group * 16 + hexDigit(code);
      continue;
    }
    if (at > start) {
      groups.setUint16(count * 2, group);
      count += 1;
    } else if (at < text.length) {
      gap = count; // a colon with nothing before it: half of "::"
    }
    group = 0;
    start = at + 1;
  }

  if (gap !== -1) spreadGap(gap, count);
  return wordsRead();
}

function hexDigit(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

/** Moves the groups after "::" to the end and puts zeros in their place. */
function spreadGap(gap: number, count: number): void {
  const shift = 8 - count;
  for (let index = count - 1; index >= gap; index -= 1) {
    groups.setUint16((index + shift) * 2, groups.getUint16(index * 2));
  }
  for (let index = gap; index < gap + shift; index += 1) groups.setUint16(index * 2, 0);
}

function wordsRead(): AddressBits {
  const w0 = groups.getInt32(0);
  const w1 = groups.getInt32(4);
  const w2 = groups.getInt32(8);
  const w3 = groups.getInt32(12);
  const isMapped = w0 === 0 && w1 === 0 && w2 === 0xffff;
  return isMapped ? ipv4Bits(w3) : { family: 6, w0, w1, w2, w3 };
}

function formatDotted(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

function groupsOf({ w0, w1, w2, w3 }: AddressBits): number[] {
  const low = 0xffff;
  return [w0 >>> 16, w0 & low, w1 >>> 16, w1 & low, w2 >>> 16, w2 & low, w3 >>> 16, w3 & low];
}

/** RFC 5952 section 4.2: the longest run of zero groups, and the first of equals. */
function longestZeroRun(parts: readonly number[]): { start: number; length: number } {
  const best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index < parts.length; index += 1) {
    if (parts[index] !== 0) {
      start = index + 1;
    } else if (index + 1 - start > best.length) {
      best.start = start;
      best.length = index + 1 - start;
    }
  }
  return best;
}
