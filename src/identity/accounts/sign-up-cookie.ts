import type { Config } from "../../config.ts";
import { cookieName, readCookie, writeCookie } from "../../platform/http/cookies.ts";
import { SIGN_UP_VALID_HOURS } from "./sign-up.ts";

/** Tells the browser that signed up from any other that opens the mail's link. */
const SIGN_UP_COOKIE = "sallyport_sign_up";

type PublicUrl = Pick<Config, "publicUrl">;

const isHttps = ({ publicUrl }: PublicUrl): boolean => publicUrl.protocol === "https:";

export function signUpCookie(config: PublicUrl, browserToken: string): string {
  return writeCookie(SIGN_UP_COOKIE, browserToken, {
    isHttps: isHttps(config),
    maxAgeSeconds: SIGN_UP_VALID_HOURS * 3600,
  });
}

export function readSignUpCookie(
  config: PublicUrl,
  header: string | undefined,
): string | undefined {
  return readCookie(header, cookieName(SIGN_UP_COOKIE, isHttps(config)));
}
