import { LEAST_LENGTH } from "../../../src/contract/identity/password-rules.ts";

/** What can be said of a password while it is typed; the server alone judges it. */
export type StrengthHint =
  | { level: 0; text: "tooShort"; missing: number }
  | { level: 1; text: "repeated" | "sequence" | "personal" | "weak" }
  | { level: 2; text: "fair" }
  | { level: 3; text: "strong" };

/** What `bitsOf` comes to for a word with ornaments, and for some words or enough noise. */
const FAIR_BITS = 35;
const STRONG_BITS = 50;

const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Judges cheaply, by length, variety and what is known of the person: no dictionary is worth its download. */
export function strengthHint(
  password: string,
  known: readonly string[],
  minLength: number = LEAST_LENGTH,
): StrengthHint {
  const characters = Array.from(password.toLowerCase());
  if (characters.length < minLength)
    return { level: 0, text: "tooShort", missing: minLength - characters.length };
  const fault = faultOf(characters, password.toLowerCase(), known);
  if (fault !== null) return { level: 1, text: fault };
  const bits = bitsOf(Array.from(password));
  if (bits >= STRONG_BITS) return { level: 3, text: "strong" };
  return bits >= FAIR_BITS ? { level: 2, text: "fair" } : { level: 1, text: "weak" };
}

function faultOf(
  characters: readonly string[],
  lower: string,
  known: readonly string[],
): "repeated" | "sequence" | "personal" | null {
  if (new Set(characters).size < 5) return "repeated";
  if (steps(characters) > characters.length / 2) return "sequence";
  const parts = known.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const held = parts.filter((part) => part.length >= 3 && lower.includes(part));
  const longest = Math.max(0, ...held.map((part) => part.length));
  return longest > characters.length / 3 ? "personal" : null;
}

/** Characters that follow the one before: of the alphabet, the digits or a row of keys. */
function steps(characters: readonly string[]): number {
  return characters.filter((character, n) => {
    const before = characters[n - 1];
    return before !== undefined && ROWS.some((row) => isBeside(row, before, character));
  }).length;
}

function isBeside(row: string, a: string, b: string): boolean {
  const [from, to] = [row.indexOf(a), row.indexOf(b)];
  return from >= 0 && to >= 0 && Math.abs(from - to) <= 1;
}

/** Letters follow each other as in words; each change of kind is a choice that a guess must hit too. */
function bitsOf(characters: readonly string[]): number {
  const changes = characters.filter(
    (character, n) => n > 0 && kindOf(character) !== kindOf(characters[n - 1] ?? ""),
  );
  return characters.length * BITS_OF_LETTER + changes.length * BITS_OF_CHANGE;
}

const BITS_OF_LETTER = 1.9;
const BITS_OF_CHANGE = 4;

const KINDS = [/\p{Lu}/u, /\p{L}/u, /\p{N}/u] as const;
const kindOf = (character: string): number => KINDS.findIndex((kind) => kind.test(character));
