import type { Config } from "../../config.ts";
import { SESSION_COOKIE } from "../../platform/http/authenticate.ts";
import { writeCookie } from "../../platform/http/cookies.ts";
import type { OpenedSession } from "./open-session.ts";

type PublicUrl = Pick<Config, "publicUrl">;

const isHttps = ({ publicUrl }: PublicUrl): boolean => publicUrl.protocol === "https:";

/** The Set-Cookie value that hands a session's secret to the browser, until the session's absolute end. */
export function sessionCookie(config: PublicUrl, { token, validSeconds }: OpenedSession): string {
  return writeCookie(SESSION_COOKIE, token, {
    isHttps: isHttps(config),
    maxAgeSeconds: validSeconds,
  });
}

/** The Set-Cookie value that makes the browser forget it. */
export function noSessionCookie(config: PublicUrl): string {
  return writeCookie(SESSION_COOKIE, "", { isHttps: isHttps(config), maxAgeSeconds: 0 });
}
