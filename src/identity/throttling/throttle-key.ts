import type { Services } from "../../context.ts";

/** A counter's key. Keyed, so that a leaked table tells neither addresses nor networks. */
export function throttleKey({ keyRing }: Pick<Services, "keyRing">, name: string, subject: string) {
  return keyRing.mac("fingerprint", `throttle\0${name}\0${subject}`).mac;
}
