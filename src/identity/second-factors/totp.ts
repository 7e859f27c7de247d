import { timingSafeEqual } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { encode } from "uqr";

/** RFC 6238 §5.2's recommendation, and what every authenticator app assumes. */
const PERIOD_SECONDS = 30;
const DIGITS = 6;
const ALGORITHM = "SHA1";
/** RFC 4226 §4 R6: 160 bits, the length of SHA-1's output. */
const SECRET_BYTES = 20;
/** RFC 6238 §5.2: one step to either side, for clocks that differ and for slow typing. */
const SKEW_STEPS = 1;

/** Light modules around the code (ISO/IEC 18004 §6.3.8); scanners may fail with fewer. */
const QUIET_ZONE = 4;
const PIXELS_PER_MODULE = 6;

/** A new shared secret: 160 bits in base32, 32 characters without padding. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/**
 * The `otpauth://totp/…` URL that authenticator apps read. A colon in issuer or account becomes a space, because the
 * format parts the two with it.
 */
export function otpauthUrl({
  secret,
  issuer,
  account,
}: {
  secret: string;
  issuer: string;
  account: string;
}): string {
  const names = { issuer: withoutColon(issuer), label: withoutColon(account) };
  return totpOf(secret, names).toString();
}

function withoutColon(text: string): string {
  return text.replaceAll(":", " ");
}

/**
 * The URL as a QR code: one SVG element without scripts, styles or references, black on its own white ground so that it
 * scans on a dark page, named for screen readers (who enter the secret by hand instead).
 */
export function qrSvg(url: string): string {
  const { data, size } = encode(url, { ecc: "M", border: QUIET_ZONE });
  const path = data.map((row, y) => rowPath(row, y)).join("");
  const pixels = size * PIXELS_PER_MODULE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${pixels}" height="${pixels}"` +
    ` role="img" aria-label="QR code for your authenticator app" shape-rendering="crispEdges">` +
    `<rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`
  );
}

/** The dark modules of a row, neighbours drawn as one bar. */
function rowPath(row: boolean[], y: number): string {
  let path = "";
  let start = 0;
  while (start < row.length) {
    let end = start;
    while (row[end] === true) end += 1;
    if (end > start) path += `M${start} ${y}h${end - start}v1h-${end - start}z`;
    start = end + 1;
  }
  return path;
}

/**
 * The time step (RFC 6238 §4.2) whose code was typed, among the present one and its neighbours; null for any other
 * input. Spaces in the typed code do not count. A step that is not later than the last one used must be refused by the
 * caller, in the statement that stores it: a code works once. Of two steps with the same code the earlier is given, so
 * that a used code never passes as the later one.
 *
 * @throws {TypeError} when the secret is not base32.
 */
export function matchTotp(secret: string, code: string, nowMs: number): number | null {
  const totp = totpOf(secret);
  const typed = normaliseTotpCode(code);
  if (typed === null) return null;

  const present = Math.floor(nowMs / 1000 / PERIOD_SECONDS);
  let matched: number | null = null;
  for (let step = present + SKEW_STEPS; step >= Math.max(0, present - SKEW_STEPS); step -= 1) {
    const expected = totp.generate({ timestamp: step * PERIOD_SECONDS * 1000 });
    if (timingSafeEqual(Buffer.from(expected), Buffer.from(typed))) matched = step;
  }
  return matched;
}

/** Six ASCII digits, or null. Apps show "123 456", and people type or paste what they see. */
function normaliseTotpCode(typed: string): string | null {
  if (typed.length > 32) return null;
  const digits = typed.replaceAll(/\s/g, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

function totpOf(secret: string, names: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({
    ...names,
    secret: Secret.fromBase32(secret),
    algorithm: ALGORITHM,
    digits: DIGITS,
    period: PERIOD_SECONDS,
  });
}
