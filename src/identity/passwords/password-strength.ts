import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as commonWords } from "@zxcvbn-ts/language-common";
import { dictionary as englishWords, translations } from "@zxcvbn-ts/language-en";
import type { Fault } from "../../contract/failures.ts";
import { GREATEST_LENGTH, LEAST_LENGTH } from "../../contract/identity/password-rules.ts";
import { normalisePassword } from "./normalise-password.ts";

/** Why a password is refused; each code begins with `password-`. */
export type PasswordJudgement = { ok: true } | { ok: false; reasons: Fault[] };

/** zxcvbn's 3: "safely unguessable", more than 10^8 guesses. */
const MIN_SCORE = 3;

/**
 * Judged are the first 40 characters: zxcvbn's time grows with the square of the length (100 characters took up to
 * 0.4 s), and what is strong in its first 40 characters stays strong. 50 spellings of "p@$$w0rd" are tried instead of
 * 100, which halves the time and missed 11 instead of 7 of 883 disguised common words.
 */
const JUDGED_CHARACTERS = 40;
const LEET_SPELLINGS = 50;

/** What the person typed beside the password is input too: few words, of words' length. */
const MAX_USER_WORDS = 30;
const MAX_USER_WORD_CHARACTERS = 40;

/** Its warnings come as their keys: the words for them stand in our language files. */
const warningKeys = Object.keys(translations.warnings) as (keyof typeof translations.warnings)[];

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...commonWords, ...englishWords },
  graphs: adjacencyGraphs,
  translations: {
    ...translations,
    warnings: Object.fromEntries(
      warningKeys.map((key) => [key, key]),
    ) as typeof translations.warnings,
  },
  maxLength: JUDGED_CHARACTERS,
  l33tMaxSubstitutions: LEET_SPELLINGS,
});

const faultOfWarning: Record<(typeof warningKeys)[number], Fault> = {
  straightRow: { code: "password-keys-in-row" },
  keyPattern: { code: "password-keys-in-row" },
  simpleRepeat: { code: "password-repeats" },
  extendedRepeat: { code: "password-repeats" },
  sequences: { code: "password-sequence" },
  recentYears: { code: "password-date" },
  dates: { code: "password-date" },
  topTen: { code: "password-common" },
  topHundred: { code: "password-common" },
  common: { code: "password-common" },
  similarToCommon: { code: "password-common" },
  wordByItself: { code: "password-one-word" },
  namesByThemselves: { code: "password-one-word" },
  commonNames: { code: "password-one-word" },
  userInputs: { code: "password-of-yours" },
  pwned: { code: "password-breached" },
};

/**
 * The offline list of breached passwords: `passwords-common` of @zxcvbn-ts/language-common 4.1.3, 49,233 passwords
 * ordered by how often they were seen in leaks, all in lower case. Only the 3,543 long enough to pass the first rule
 * are kept; zxcvbn itself finds the others as parts of longer passwords.
 */
const breachedPasswords: ReadonlySet<string> = new Set(
  commonWords["passwords-common"].filter((password) => password.length >= LEAST_LENGTH),
);

/**
 * Judges a new password: 9 to 256 characters (code points, after `normalisePassword`), not on the offline list of
 * breached passwords (compared in lower case), and a zxcvbn score of 3 or better. `userInputs` are what an attacker
 * knows of the person: address, name, the site's name; their parts count as guessed words.
 *
 * Takes the calling thread for 2 to 15 ms, at worst about 0.12 s, and its dictionaries about 30 MB of heap, from the import on: the server
 * asks `createPasswordJudge`, which does this on a thread of its own.
 */
export function judgePassword(
  password: string,
  { userInputs }: { userInputs: readonly string[] },
): PasswordJudgement {
  const normalised = normalisePassword(password);
  const fault =
    lengthFault(normalised) ?? breachFault(normalised) ?? guessFault(normalised, userInputs);
  return fault === null ? { ok: true } : { ok: false, reasons: [fault] };
}

function lengthFault(password: string): Fault | null {
  let characters = 0;
  for (const _ of password) characters += 1;
  if (characters < LEAST_LENGTH)
    return { code: "password-too-short", params: { count: LEAST_LENGTH } };
  if (characters > GREATEST_LENGTH)
    return { code: "password-too-long", params: { count: GREATEST_LENGTH } };
  return null;
}

const breachFault = (password: string): Fault | null =>
  breachedPasswords.has(password.toLowerCase()) ? { code: "password-breached" } : null;

function guessFault(password: string, userInputs: readonly string[]): Fault | null {
  const { score, feedback } = zxcvbn.check(password, userWords(userInputs));
  if (score >= MIN_SCORE) return null;
  const known = warningKeys.find((key) => key === feedback.warning);
  return known === undefined ? { code: "password-guessable" } : faultOfWarning[known];
}

/**
 * Each input, its parts, and the parts in one: "Ada Lovelace" also warns of "adalovelace". Written apart it would not do:
 * to zxcvbn three parts of any kind are strong.
 */
function userWords(userInputs: readonly string[]): string[] {
  const words = new Set(["sallyport"]);
  for (const input of userInputs.slice(0, MAX_USER_WORDS)) {
    const known = normalisePassword(input.slice(0, 320)).toLowerCase();
    const parts = known.split(/[^\p{L}\p{N}]+/u);
    for (const word of [known, parts.join(""), ...parts])
      if (word.length >= 3 && words.size < MAX_USER_WORDS)
        words.add(word.slice(0, MAX_USER_WORD_CHARACTERS));
  }
  return [...words];
}
