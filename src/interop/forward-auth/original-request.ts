import { parseSingleAddressHeader } from "../../platform/client-address/resolve-client.ts";

/** What the gateway says it was asked for. */
export type OriginalRequest = {
  gatewayKey: string;
  credential: string;
  method: string;
  uri: string;
  /** Canonical; null: none, several, or unreadable. */
  address: string | null;
};

export type OriginalRequestFault =
  | "no-gateway-key"
  | "header-alias"
  | "header-repeated"
  | "no-credential"
  | "method-missing"
  | "uri-ambiguous";

const HEADERS = [
  "x-sallyport-gateway",
  "x-original-method",
  "x-original-uri",
  "x-real-ip",
  "authorization",
] as const;

/** Longest request target read; servers refuse longer ones too. */
const MAX_URI_LENGTH = 8_192;

/**
 * Reads a gateway's subrequest strictly. Each header stands at most once and under no other spelling:
 * some servers drop or merge `X_Real_IP` and `X-Real-IP`, so that gateway and backend would each
 * believe another one.
 */
export function readOriginalRequest(
  rawHeaders: readonly string[],
): OriginalRequest | OriginalRequestFault {
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const known = HEADERS.find((header) => header === name);
    if (known === undefined) {
      if (isAlias(name)) return "header-alias";
      continue;
    }
    if (found.has(known) && known !== "x-real-ip") return "header-repeated";
    found.set(known, rawHeaders[index + 1] ?? "");
  }
  return check(found, parseSingleAddressHeader(rawHeaders, "x-real-ip"));
}

function check(
  found: ReadonlyMap<string, string>,
  address: string | null,
): OriginalRequest | OriginalRequestFault {
  const gatewayKey = found.get("x-sallyport-gateway") ?? "";
  if (gatewayKey === "") return "no-gateway-key";
  const method = found.get("x-original-method") ?? "";
  if (!/^[A-Z]{1,20}$/.test(method)) return "method-missing";
  const uri = found.get("x-original-uri") ?? "";
  if (isAmbiguous(uri)) return "uri-ambiguous";
  const credential = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(found.get("authorization") ?? "")?.[1];
  if (credential === undefined) return "no-credential";
  return { gatewayKey, credential, method, uri, address };
}

/** What we answer with. A client's own are harmless here: the reply always sets them, so the gateway replaces them. */
const ANSWERED = [
  "x-sallyport-account",
  "x-sallyport-role",
  "x-sallyport-credential",
  "x-sallyport-reason",
];

const PLAIN = new Set([...HEADERS, ...ANSWERED].map((header) => header.replaceAll("-", "")));

/** One of these headers but for `_`, `.` and `-`: the gateway would not replace it, and the backend might read it. */
function isAlias(name: string): boolean {
  return PLAIN.has(name.replaceAll(/[-_.]/g, "")) && !ANSWERED.includes(name);
}

/**
 * A target that gateway and backend may read differently: encoded slash, backslash or dot, empty or dot
 * segments, parameters after `;`, control characters, what is no UTF-8, anything but an absolute path.
 */
export function isAmbiguous(uri: string): boolean {
  if (!uri.startsWith("/") || uri.length > MAX_URI_LENGTH) return true;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007F-\uFFFF\\#]/.test(uri)) return true;
  const [path = ""] = uri.split("?", 1);
  if (ENCODED.test(path) || path.includes(";") || path.includes("//")) return true;
  return (
    path.split("/").some((segment) => segment === "." || segment === "..") || !isDecodable(path)
  );
}

/** Slash, backslash, dot, percent sign, semicolon and control characters, percent-encoded. */
const ENCODED = /%(2f|5c|2e|25|3b|[01][0-9a-f]|7f)/i;

/** What is no UTF-8 is read as something else by lenient servers: `%c0%ae` as a dot, for one (RFC 3629 §10). */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
