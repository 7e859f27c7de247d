import type { Config } from "../../config.ts";
import { SESSION_COOKIE } from "../../platform/http/authenticate.ts";
import { writeCookie } from "../../platform/http/cookies.ts";
import { deviceCookie } from "../devices/device-cookie.ts";
import type { OpenedSession } from "./open-session.ts";

type PublicUrl = Pick<Config, "publicUrl">;

const isHttps = ({ publicUrl }: PublicUrl): boolean => publicUrl.protocol === "https:";

/**
 * The Set-Cookie values that hand a session's secret to the browser, until the session's absolute end, and after a
 * whole sign-in what makes the browser known again.
 */
export function sessionCookie(
  config: PublicUrl,
  { token, validSeconds, deviceToken }: OpenedSession,
): string[] {
  const own = writeCookie(SESSION_COOKIE, token, {
    isHttps: isHttps(config),
    maxAgeSeconds: validSeconds,
  });
  return deviceToken === undefined ? [own] : [own, deviceCookie(config, deviceToken)];
}

/** The Set-Cookie value that makes the browser forget it. */
export function noSessionCookie(config: PublicUrl): string {
  return writeCookie(SESSION_COOKIE, "", { isHttps: isHttps(config), maxAgeSeconds: 0 });
}
