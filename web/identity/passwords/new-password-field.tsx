import { Progress, Stack, Text, type PasswordInputProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EffectivePasswordPolicy } from "./password-api.ts";
import { PasswordField } from "./password-field.tsx";
import { RuleChecks } from "./rule-checks.tsx";
import { strengthHint, type StrengthHint } from "./strength-hint.ts";

type Props = Omit<PasswordInputProps, "onInput"> & {
  /** What anybody knows of the person, as it stands in the form now. */
  known: () => readonly string[];
  /** What organisations ask of it: shown rule by rule, beside how good it looks. */
  policy?: EffectivePasswordPolicy;
};

/** A field for a new password, which says in words how good it looks while it is typed. */
export function NewPasswordField({ known, policy, ...props }: Props) {
  const { t } = useTranslation("password");
  const [typed, setTyped] = useState("");
  const isWrong = props.error !== undefined && props.error !== null;
  const asksMore = policy !== undefined && isMore(policy);
  const hint = typed === "" ? null : strengthHint(typed, known(), policy?.minLength.value);
  return (
    <Stack gap={6}>
      <PasswordField
        autoComplete="new-password"
        // What is wrong says the rule itself; both would be the same sentence twice.
        description={isWrong || asksMore ? undefined : t("rule")}
        {...props}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <Strength hint={hint} />
      {asksMore && <RuleChecks password={typed} policy={policy} />}
    </Stack>
  );
}

/** Whether it asks for more than what holds for everybody. */
export const isMore = (policy: EffectivePasswordPolicy): boolean =>
  policy.minLength.source !== null ||
  policy.needsCapital !== null ||
  policy.needsNumber !== null ||
  policy.needsSpecial !== null ||
  policy.reuseDays !== null;

function Strength({ hint }: { hint: StrengthHint | null }) {
  const { t } = useTranslation("password");
  return (
    <Stack gap={4} role="status" mih={28}>
      {hint !== null && (
        <>
          <Progress
            value={SHARES[hint.level]}
            color={COLORS[hint.level]}
            size="sm"
            aria-label={t("meter")}
          />
          <Text size="sm" c="dimmed">
            {hint.text === "tooShort" ? t("tooShort", { count: hint.missing }) : t(hint.text)}
          </Text>
        </>
      )}
    </Stack>
  );
}

const SHARES = [15, 35, 65, 100] as const;
const COLORS = ["red", "red", "orange", "teal"] as const;
