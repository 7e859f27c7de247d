/** RFC 5321 §4.5.3.1.3: a path of 256 characters, of which two are its angle brackets. */
const MAX_LENGTH = 254;

/*
 * What a header or an SMTP command would read as more than one address stays out: white space, quotes,
 * commas, brackets, comments, groups. Letters of any script may stand (RFC 6531).
 */
const PLAIN = /^[^\s"(),:;<>@[\\\]\p{Cc}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;

/** Whether a text is one address, without name, comment or quoting: nothing else is given to a mail server. */
export function isPlainAddress(text: string): boolean {
  return text.length <= MAX_LENGTH && PLAIN.test(text) && !text.includes("..");
}
