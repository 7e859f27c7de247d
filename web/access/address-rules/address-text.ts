/*
 * Addresses as the panel compares them while somebody types: a hint. The server judges what is saved, by
 * the evaluator that decides.
 */

type Network = { bits: bigint; length: 32 | 128; prefix: number };

/** A network or a bare address; null for what is neither, or not yet. */
function parseNetwork(text: string): Network | null {
  const [address = "", prefixText, ...rest] = text.trim().split("/");
  if (rest.length > 0) return null;
  const length = address.includes(":") ? 128 : 32;
  const bits = length === 128 ? parseV6(address) : parseV4(address);
  if (bits === null) return null;
  const prefix = prefixText === undefined ? length : Number(prefixText);
  const isPrefix = prefixText === undefined || /^\d{1,3}$/.test(prefixText);
  return isPrefix && prefix <= length ? { bits, length, prefix } : null;
}

/** Whether an address lies in one of the networks. IPv4 and IPv6 are kept apart. */
export function isCovered(address: string, cidrs: readonly string[]): boolean {
  const wanted = parseNetwork(address);
  if (wanted === null) return false;
  return cidrs.some((cidr) => {
    const network = parseNetwork(cidr);
    if (network === null || network.length !== wanted.length) return false;
    const shift = BigInt(network.length - network.prefix);
    return network.bits >> shift === wanted.bits >> shift;
  });
}

function parseV4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  if (bytes.some((byte) => byte > 255)) return null;
  return bytes.reduce((bits, byte) => bits * 256n + BigInt(byte), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n);
}

export type Line = { cidr: string; note: string };

/** Pasted lines as entries: an address, then whatever follows it as the note. `#`, `;`, commas and tabs may stand between. */
export function parseLines(text: string): Line[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => (/^[^#]*$/.test(line) ? splitList(line) : [line]))
    .flatMap((line): Line[] => {
      const [, cidr = "", note = ""] = /^\s*([^\s#;,]+)[\s#;,]*(.*?)\s*$/.exec(line) ?? [];
      return cidr === "" ? [] : [{ cidr, note: note.slice(0, 200) }];
    });
}

/** `192.0.2.1, 192.0.2.2` is two entries; `192.0.2.1, the office` is one with a note. */
function splitList(line: string): string[] {
  const parts = line.split(/[\s,;]+/).filter(Boolean);
  return parts.length > 1 && parts.every((part) => parseNetwork(part) !== null) ? parts : [line];
}
