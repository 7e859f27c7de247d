import type { PasswordPolicyChange } from "../../contract/access/password-policies.ts";
import {
  NO_RULES,
  presetRules,
  type PasswordRules,
  type PolicyPreset,
} from "../../contract/identity/password-rules.ts";
import { nextAges, type AgeRule } from "../../contract/identity/strictest-rules.ts";
import { failureAt } from "../../failures.ts";
import { ProblemError } from "../../problem-error.ts";

export type WantedPolicy = {
  preset: PolicyPreset;
  rules: PasswordRules;
  ages: AgeRule[];
  reason: string | null;
};

const ofCustomAlone = [
  "minLength",
  "needsCapital",
  "needsNumber",
  "needsSpecial",
  "reuseDays",
] as const;

/**
 * What was sent, as rules. A preset is what it says but for the switch: with `maxAgeDays` each can have
 * passwords changed again and again, or not, and with `idleMinutes` have sessions end that nobody uses.
 *
 * @throws {ProblemError} `invalid-request` at each rule that a preset does not let be set.
 */
export function wantedPolicy(
  { preset, reason, ...sent }: PasswordPolicyChange,
  { ages, now }: { ages: readonly AgeRule[]; now: Date },
): WantedPolicy {
  if (preset !== "custom") refuseOthers(sent);
  const base = preset === "custom" ? NO_RULES : presetRules[preset];
  const rules: PasswordRules = { ...base, ...rulesIn(sent) };
  return {
    preset,
    rules,
    ages: nextAges(ages, rules.maxAgeDays, now),
    reason: reason?.trim() || null,
  };
}

const rulesIn = (sent: Omit<PasswordPolicyChange, "preset">): Partial<PasswordRules> =>
  Object.fromEntries(
    (["maxAgeDays", "idleMinutes", ...ofCustomAlone] as const)
      .filter((name) => sent[name] !== undefined)
      .map((name) => [name, sent[name]]),
  );

function refuseOthers(sent: Omit<PasswordPolicyChange, "preset">): void {
  const errors = ofCustomAlone
    .filter((name) => sent[name] !== undefined)
    .map((name) => failureAt(`/${name}`, { code: "custom-only" }));
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
}
