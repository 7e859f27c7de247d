import type { Fault } from "../failures.ts";

/** What a password has to be, and for how long it may be used. Free of any library: a browser judges by it, too. */
export type PasswordRules = {
  /** Characters (code points after NFC). */
  minLength: number;
  needsCapital: boolean;
  needsNumber: boolean;
  needsSpecial: boolean;
  /** Days after which another is asked for; null: none. */
  maxAgeDays: number | null;
  /** Days, from the day a password was replaced, in which it is not taken again; null: none. */
  reuseDays: number | null;
  /** Minutes without use after which a session ends; null: none. */
  idleMinutes: number | null;
};

/** What holds for everybody, whatever an organisation asks. */
export const LEAST_LENGTH = 9;
export const GREATEST_LENGTH = 256;

export const NO_RULES: PasswordRules = {
  minLength: LEAST_LENGTH,
  needsCapital: false,
  needsNumber: false,
  needsSpecial: false,
  maxAgeDays: null,
  reuseDays: null,
  idleMinutes: null,
};

/**
 * How far an organisation may go: its rules bind people who work for others, too. A password that has to
 * be changed more often than each month, or typed longer than a password manager's field, helps nobody; nor does a
 * session that ends while somebody reads a page.
 */
export const ruleBounds = {
  minLength: { min: LEAST_LENGTH, max: 64 },
  maxAgeDays: { min: 30, max: 730 },
  reuseDays: { min: 1, max: 730 },
  idleMinutes: { min: 15, max: 720 },
} as const;

/** Whoever has to choose another password on demand of an organisation has peace from it for so long. */
export const DEMAND_EVERY_HOURS = 24;

/** Days before a password ends at which its holder is told. */
export const NOTICE_DAYS = [14, 7, 3, 1] as const;

export const policyPresets = ["none", "classic", "nist", "custom"] as const;
export type PolicyPreset = (typeof policyPresets)[number];

/** The days that the one switch turns on. */
export const SWITCH_DAYS = 45;

/**
 * `classic`: what security departments ask for. `nist`: SP 800-63B-4 §3.1.1.2: length instead of kinds of
 * characters (15, as where a password stands alone), and no change without a reason. Common, leaked and
 * guessable passwords are refused in any case.
 */
export const presetRules: Record<Exclude<PolicyPreset, "custom">, PasswordRules> = {
  none: NO_RULES,
  classic: {
    minLength: 9,
    needsCapital: true,
    needsNumber: true,
    needsSpecial: true,
    maxAgeDays: SWITCH_DAYS,
    reuseDays: 135,
    idleMinutes: null,
  },
  nist: { ...NO_RULES, minLength: 15 },
};

const CAPITAL = /\p{Lu}/u;
const NUMBER = /\p{Nd}/u;
/** Neither letter (with its marks) nor number: a space counts. */
const SPECIAL = /[^\p{L}\p{M}\p{N}]/u;

export type CharacterRules = Pick<
  PasswordRules,
  "minLength" | "needsCapital" | "needsNumber" | "needsSpecial"
>;

export type CharacterRule = keyof CharacterRules;

/** Each rule about a password's characters that is asked for, and whether the password keeps it. */
export function checkCharacters(
  password: string,
  rules: CharacterRules,
): { rule: CharacterRule; isMet: boolean }[] {
  const text = password.normalize("NFC");
  return [
    { rule: "minLength", isMet: Array.from(text).length >= rules.minLength },
    ...(rules.needsCapital ? [{ rule: "needsCapital" as const, isMet: CAPITAL.test(text) }] : []),
    ...(rules.needsNumber ? [{ rule: "needsNumber" as const, isMet: NUMBER.test(text) }] : []),
    ...(rules.needsSpecial ? [{ rule: "needsSpecial" as const, isMet: SPECIAL.test(text) }] : []),
  ];
}

/** What is wrong with a password's characters, all of it at once. */
export function characterFaults(password: string, rules: CharacterRules): Fault[] {
  return checkCharacters(password, rules)
    .filter(({ isMet }) => !isMet)
    .map(({ rule }) =>
      rule === "minLength"
        ? { code: "password-too-short", params: { count: rules.minLength } }
        : faultOf[rule],
    );
}

const faultOf: Record<Exclude<CharacterRule, "minLength">, Fault> = {
  needsCapital: { code: "password-needs-capital" },
  needsNumber: { code: "password-needs-number" },
  needsSpecial: { code: "password-needs-special" },
};

export type RuleChange = "stricter" | "more-lenient" | "both" | "none";

/** How rules compare to those of before. */
export function compareRules(before: PasswordRules, after: PasswordRules): RuleChange {
  const steps = [
    after.minLength - before.minLength,
    Number(after.needsCapital) - Number(before.needsCapital),
    Number(after.needsNumber) - Number(before.needsNumber),
    Number(after.needsSpecial) - Number(before.needsSpecial),
    (before.maxAgeDays ?? NEVER) - (after.maxAgeDays ?? NEVER),
    (after.reuseDays ?? 0) - (before.reuseDays ?? 0),
    (before.idleMinutes ?? NEVER) - (after.idleMinutes ?? NEVER),
  ];
  const isStricter = steps.some((step) => step > 0);
  const isMoreLenient = steps.some((step) => step < 0);
  if (isStricter) return isMoreLenient ? "both" : "stricter";
  return isMoreLenient ? "more-lenient" : "none";
}

/** Longer than any period, days or minutes. */
const NEVER = 1_000_000;
