import { isIP } from "node:net";
import { parseAddress } from "./parse-address.ts";

/** The header families a listener can be told to read; exactly one of them, never "whichever is there". */
export type ForwardedHeader = "x-forwarded-for" | "forwarded";

/** What one hop wrote, read strictly: the canonical address, or null for everything else. */
export const readHop: Record<ForwardedHeader, (entry: string) => string | null> = {
  "x-forwarded-for": readNode,
  forwarded: readForwardedElement,
};

/** RFC 9110 section 5.6.2, as the body of a character class. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

/** RFC 7239 section 4: `token "=" ( token / quoted-string )`, pairs parted by ";" without white space. */
const FORWARDED_PAIR = new RegExp(
  String.raw`(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*)")(?:;|$)`,
  "y",
);

/** An address as it stands, or `a.b.c.d:port` or `[v6]:port`; the port is dropped. */
function readNode(text: string): string | null {
  return parseAddress(text) ?? readWithPort(text);
}

function readWithPort(text: string): string | null {
  const match = /^(?:([0-9.]{7,15})|\[([0-9A-Fa-f:.]{2,45})\]):([0-9]{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return null;
  const [, dotted, bracketed] = match;
  if (dotted !== undefined) return parseAddress(dotted);
  return bracketed === undefined || isIP(bracketed) !== 6 ? null : parseAddress(bracketed);
}

/**
 * The `for` of one forwarded-element (RFC 7239). Null when the element is malformed, names a parameter twice, has no
 * `for`, or hides it (`unknown`, `_hidden`). The element was cut at commas *before* quotes were looked at: a quoted
 * comma therefore spoils its own element, and a quote that a client left open cannot swallow the hop that a proxy
 * appended after it.
 */
function readForwardedElement(element: string): string | null {
  const seen = new Map<string, string>();
  FORWARDED_PAIR.lastIndex = 0;
  while (FORWARDED_PAIR.lastIndex < element.length) {
    const pair = FORWARDED_PAIR.exec(element);
    if (pair === null) return null;
    const name = (pair[1] ?? "").toLowerCase();
    if (seen.has(name)) return null;
    seen.set(name, pair[2] ?? (pair[3] ?? "").replaceAll(/\\(.)/g, "$1"));
  }
  if (element.endsWith(";")) return null;
  const node = seen.get("for");
  return node === undefined ? null : readForwardedNode(node);
}

/** RFC 7239 section 6: IPv6 stands in brackets, with or without a port; IPv4 never does. */
function readForwardedNode(node: string): string | null {
  if (!node.startsWith("[")) return isIP(node) === 6 ? null : readNode(node);
  if (!node.endsWith("]")) return readWithPort(node);
  const inside = node.slice(1, -1);
  return isIP(inside) === 6 ? parseAddress(inside) : null;
}
