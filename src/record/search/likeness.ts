/*
 * Telling that two entries count alike without reading either: JSON.parse of each would take longer than
 * everything else that is done to an entry. Where the text leaves a doubt, the entry is read.
 */

/** `{"at":"2026-03-01T00:00:00.000Z",` stands at the beginning of every core. */
const AT_LENGTH = '{"at":"2026-03-01T00:00:00.000Z",'.length;

/**
 * What an entry says without its time, its request and the targets that no log is read by; entries of one
 * likeness differ in nothing that is counted by. Null: it stands for several, and is read by itself.
 *
 * @param text an entry's lines, as entry-codec.ts writes them, without the first one's kind.
 */
export function likenessOf(text: string): string | null {
  const [core = "", ...lines] = text.split("\n");
  // JSON escapes quotes inside of strings, so this is the member and not somebody's text.
  const request = core.indexOf(',"request":"');
  if (request < 0 || core.includes('"count":', request)) return null;
  const parts = [core.slice(AT_LENGTH, request)];
  for (const line of lines) if (isCounted(line)) parts.push(line);
  return parts.join("\n");
}

/** The actor, where it came from, and targets that are an app or somebody's. */
function isCounted(line: string): boolean {
  if (line.startsWith("a") || line.startsWith("x")) return true;
  if (!line.startsWith("t")) return false;
  return line.startsWith('t{"type":"app"') || line.includes('"account":"');
}
