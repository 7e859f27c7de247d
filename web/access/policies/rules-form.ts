import {
  presetRules,
  SWITCH_DAYS,
  type PasswordRules,
  type PolicyPreset,
} from "../../../src/contract/identity/password-rules.ts";
import type { PasswordPolicy, PasswordPolicyChange } from "./policy-api.ts";

/** The policy as it is edited: what is switched off keeps its number. */
export type RulesForm = {
  preset: PolicyPreset;
  /** The one switch: passwords are changed again and again. */
  rotates: boolean;
  maxAgeDays: number;
  minLength: number;
  needsCapital: boolean;
  needsNumber: boolean;
  needsSpecial: boolean;
  remembers: boolean;
  reuseDays: number;
  /** Sessions that nobody uses end. */
  limitsRest: boolean;
  idleMinutes: number;
  reason: string;
};

const REUSE_DAYS = presetRules.classic.reuseDays ?? 0;

export const toForm = ({ preset, rules, reason }: PasswordPolicy): RulesForm => ({
  preset,
  ...fieldsOf(rules),
  ...restOf(rules),
  reason: reason ?? "",
});

/** What the switch begins with: an hour, as NIST SP 800-63B-4 §2.2.3 has it for two factors. */
const IDLE_MINUTES = 60;

const fieldsOf = (rules: PasswordRules) => ({
  rotates: rules.maxAgeDays !== null,
  maxAgeDays: rules.maxAgeDays ?? SWITCH_DAYS,
  minLength: rules.minLength,
  needsCapital: rules.needsCapital,
  needsNumber: rules.needsNumber,
  needsSpecial: rules.needsSpecial,
  remembers: rules.reuseDays !== null,
  reuseDays: rules.reuseDays ?? REUSE_DAYS,
});

const restOf = ({ idleMinutes }: PasswordRules) => ({
  limitsRest: idleMinutes !== null,
  idleMinutes: idleMinutes ?? IDLE_MINUTES,
});

/** Choosing a preset shows what it says; choosing one's own goes on from what stands there. */
export const withPreset = (form: RulesForm, preset: PolicyPreset): RulesForm =>
  preset === "custom" ? { ...form, preset } : { ...form, preset, ...fieldsOf(presetRules[preset]) };

export function toChange(organisationId: string, form: RulesForm): PasswordPolicyChange {
  const reason = form.reason.trim();
  const common = {
    organisationId,
    preset: form.preset,
    maxAgeDays: form.rotates ? form.maxAgeDays : null,
    idleMinutes: form.limitsRest ? form.idleMinutes : null,
    ...(reason !== "" && { reason }),
  };
  if (form.preset !== "custom") return common;
  const { minLength, needsCapital, needsNumber, needsSpecial } = form;
  return {
    ...common,
    minLength,
    needsCapital,
    needsNumber,
    needsSpecial,
    reuseDays: form.remembers ? form.reuseDays : null,
  };
}
