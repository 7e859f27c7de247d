import { parseAddress } from "./platform/client-address/parse-address.ts";
import { parseCidr } from "./platform/client-address/parse-cidr.ts";
import { isPlainAddress } from "./platform/mail/plain-address.ts";
import { faultText } from "./failures.ts";

/** Makes a setting's text its value; what it throws is told to whoever starts Sallyport, so never the text of a secret. */
export type Parse<T> = (text: string) => T;

export type MailSender = Readonly<{ name: string; address: string }>;

/** What a process does. */
export type ProcessRole = "web" | "worker" | "sequencer";

const SECRET_BYTES = 32;
export const MAKE_SECRET = "make one with: openssl rand -base64 32";
/** A metrics token guards what an attacker would like to read; shorter is guessable. */
const MIN_METRICS_TOKEN_LENGTH = 16;

export const asText: Parse<string> = (text) => text;

/** An empty text is no value. */
export const optional =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  (text) =>
    text === "" ? undefined : parse(text);

/** Comma-separated; spaces and empty parts do not count. */
export const listOf =
  <T>(parse: Parse<T>): Parse<T[]> =>
  (text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map(parse);

export const oneOf =
  <const T extends string>(values: readonly T[]): Parse<T> =>
  (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Error(`is one of ${values.join(", ")}`);
    return found;
  };

export const asRoles: Parse<ProcessRole[]> = (text) => {
  const roles = listOf(oneOf(["web", "worker", "sequencer"]))(text);
  if (roles.length === 0) throw new Error("names at least one of web, worker, sequencer");
  return [...new Set(roles)];
};

export const asPort: Parse<number> = (text) => {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
    throw new Error("is a port, 1 to 65535");
  return Number(text);
};

/** A whole number within bounds, both included. */
export const asNumber =
  (min: number, max: number): Parse<number> =>
  (text) => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < min || Number(text) > max)
      throw new Error(`is a whole number, ${min} to ${max}`);
    return Number(text);
  };

export const asListenAddress: Parse<string> = (text) => {
  if (text !== "localhost" && parseAddress(text) === null)
    throw new Error("is the IP address to listen on");
  return text;
};

export const asWebUrl: Parse<string> = (text) => {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:", "mailto:"].includes(url.protocol))
    throw new Error("is an http, https or mailto address");
  return text;
};

/** A folder's path, or a bucket below its storage's address. */
export const asFolderOrBucket: Parse<string | URL> = (text) => {
  if (!/^[a-z0-9+.-]+:\/\//i.test(text)) return text;
  const url = URL.parse(text);
  if (
    url?.protocol !== "https:" ||
    !/^\/[a-z0-9][a-z0-9.-]+(\/[A-Za-z0-9._-]+)*\/?$/.test(url.pathname) ||
    url.search + url.hash + url.username + url.password !== ""
  )
    throw new Error("is a folder, or a bucket as https://storage.example.com/bucket/folder");
  return url;
};

export const asOrigin: Parse<URL> = (text) => {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw new Error("is an http or https address");
  const isAlone =
    url.pathname === "/" &&
    url.search + url.hash + url.username + url.password === "" &&
    !/[?#]$/.test(text);
  if (!isAlone) throw new Error("is an origin alone: scheme, host, port");
  return url;
};

/** A domain with a dot in it, or this machine's name: a browser takes no passkey for a whole `com`. */
export const asDomain: Parse<string> = (text) => {
  const isName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(text);
  if (text !== "localhost" && (!isName || parseAddress(text) !== null))
    throw new Error("is a domain alone, in small letters and with a dot in it");
  return text;
};

export const asPostgresUrl: Parse<string> = (text) => {
  if (!/^postgres(ql)?:\/\//.test(text)) throw new Error("begins with postgres://");
  if (URL.parse(text) === null)
    throw new Error(
      "is not a complete address; a password with other characters than letters and digits is percent-encoded",
    );
  return text;
};

export const asSmtpUrl: Parse<string> = (text) => {
  const url = URL.parse(text);
  if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "")
    throw new Error("begins with smtp:// or smtps:// and names a host");
  return text;
};

/** `address` or `Name <address>`. */
export const asMailSender: Parse<MailSender> = (text) => {
  const [, name = "", bracketed] = /^([^<>"\p{Cc}]*)<([^<>]+)>$/u.exec(text) ?? [];
  const address = bracketed ?? text;
  if (!isPlainAddress(address)) throw new Error("is one address, or a name and <an address>");
  return { name: name.trim(), address };
};

export const asSecret: Parse<Buffer> = (text) => {
  const bytes = Buffer.from(text, "base64");
  const isExact = bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
  if (bytes.length !== SECRET_BYTES || !isExact)
    throw new Error(`is ${SECRET_BYTES} random bytes in base64; ${MAKE_SECRET}`);
  return bytes;
};

export const asMetricsToken: Parse<string> = (text) => {
  if (text.length < MIN_METRICS_TOKEN_LENGTH)
    throw new Error(`has at least ${MIN_METRICS_TOKEN_LENGTH} characters; ${MAKE_SECRET}`);
  // Others could not be sent as a Bearer token (RFC 6750 §2.1).
  if (!/^[\w.~+/-]+=*$/.test(text))
    throw new Error(`has only letters, digits and -._~+/=; ${MAKE_SECRET}`);
  return text;
};

export const asCidrs: Parse<string[]> = listOf((part) => {
  const parsed = parseCidr(part);
  if (!parsed.ok) throw new Error(faultText(parsed.problem.fault));
  return parsed.cidr;
});
