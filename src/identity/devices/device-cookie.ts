import type { Config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { DEVICE_COOKIE } from "../../platform/http/authenticate.ts";
import { writeCookie } from "../../platform/http/cookies.ts";

/** How long a browser, or a network, stays known without a sign-in. Browsers keep no cookie longer (RFC 6265bis §5.5). */
export const KNOWN_DAYS = 400;

/** As `newToken` makes them. */
const TOKEN = /^[\w-]{43}$/;

/** What the browser says which one it is; null when it says nothing that could be ours. */
export function heldDeviceToken({ origin }: Pick<Context, "origin">): string | null {
  const { deviceToken } = origin;
  return deviceToken !== undefined && TOKEN.test(deviceToken) ? deviceToken : null;
}

/** The Set-Cookie value that makes a browser known again. It opens nothing: no factor is left out for it (T9). */
export function deviceCookie({ publicUrl }: Pick<Config, "publicUrl">, token: string): string {
  return writeCookie(DEVICE_COOKIE, token, {
    isHttps: publicUrl.protocol === "https:",
    maxAgeSeconds: KNOWN_DAYS * 86_400,
  });
}
