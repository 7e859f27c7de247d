import { Progress, Stack, Text, type PasswordInputProps } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PasswordField } from "./password-field.tsx";
import { strengthHint, type StrengthHint } from "./strength-hint.ts";

type Props = Omit<PasswordInputProps, "onInput"> & {
  /** What anybody knows of the person, as it stands in the form now. */
  known: () => readonly string[];
};

/** A field for a new password, which says in words how good it looks while it is typed. */
export function NewPasswordField({ known, ...props }: Props) {
  const { t } = useTranslation("password");
  const [hint, setHint] = useState<StrengthHint | null>(null);
  const isWrong = props.error !== undefined && props.error !== null;
  return (
    <Stack gap={6}>
      <PasswordField
        autoComplete="new-password"
        // What is wrong says the rule itself; both would be the same sentence twice.
        description={isWrong ? undefined : t("rule")}
        {...props}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setHint(value === "" ? null : strengthHint(value, known()));
        }}
      />
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
    </Stack>
  );
}

const SHARES = [15, 35, 65, 100] as const;
const COLORS = ["red", "red", "orange", "teal"] as const;
