/** Cookies by name; the first of two alike counts, as browsers send the most specific first. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

export type CookieOptions = {
  isHttps: boolean;
  /** Until when the browser keeps it; left out: until it closes. 0 removes it. */
  maxAgeSeconds?: number;
};

/** `__Host-` binds a cookie to this origin over TLS (RFC 6265bis §4.1.3.2); on loopback http there is no TLS to bind to. */
export const cookieName = (name: string, isHttps: boolean): string =>
  isHttps ? `__Host-${name}` : name;

/** The Set-Cookie value for an HttpOnly cookie of this origin. */
export function writeCookie(
  name: string,
  value: string,
  { isHttps, maxAgeSeconds }: CookieOptions,
): string {
  const parts = [`${cookieName(name, isHttps)}=${value}`, "Path=/", "HttpOnly", "SameSite=Lax"];
  if (isHttps) parts.push("Secure");
  if (maxAgeSeconds !== undefined) parts.push(`Max-Age=${maxAgeSeconds}`);
  return parts.join("; ");
}
