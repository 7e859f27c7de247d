/** "E-mail" and "email", "Zoë" and "zoe" are the same to whoever searches. */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/[\p{M}\u2010-\u2015'’-]/gu, "")
    .toLowerCase();

/** Whether a page with these names is what somebody means who types this: every word stands in them, or begins there. */
export function isMeant(wanted: string, names: string): boolean {
  const known = plain(names);
  return plain(wanted)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => known.includes(word));
}
