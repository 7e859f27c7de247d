/** Space separators other than U+0020 (Unicode category Zs), for example a Mac's Option+Space. */
const OTHER_SPACES = /\p{Zs}/gu;

/**
 * The one spelling of a password that is judged, hashed and checked, so that it is the same on every keyboard: NFC with
 * all spaces as U+0020 (RFC 8265 §4.2.2, OpaqueString). Not NFKC: it would make different passwords equal ("²" and "2").
 * Unpaired surrogates become U+FFFD, as they would in UTF-8.
 */
export function normalisePassword(typed: string): string {
  return typed.toWellFormed().replace(OTHER_SPACES, " ").normalize("NFC");
}
