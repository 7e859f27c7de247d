/** Deeper than any change of a product's needs; keeps hostile nesting off the stack. */
const MAX_DEPTH = 32;

/**
 * The value as JSON with sorted keys: two spellings of one value give one text. Null when it is nested
 * too deeply.
 */
export function canonicalJson(value: unknown): string | null {
  return isWithinDepth(value, MAX_DEPTH) ? JSON.stringify(sorted(value)) : null;
}

function isWithinDepth(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((part) => isWithinDepth(part, depth - 1));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
