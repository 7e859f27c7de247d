import { Group, List, Text, VisuallyHidden } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { checkCharacters } from "../../../src/contract/identity/password-rules.ts";
import type { EffectivePasswordPolicy } from "./password-api.ts";

/** Long words beside it do not press it. */
const fixed = { flexShrink: 0 } as const;

/** Each rule about the characters of a new password, and whether what is typed keeps it. */
export function RuleChecks({
  password,
  policy,
}: {
  password: string;
  policy: EffectivePasswordPolicy;
}) {
  const { t } = useTranslation("passwordPolicy");
  const checks = checkCharacters(password, {
    minLength: policy.minLength.value,
    needsCapital: policy.needsCapital !== null,
    needsNumber: policy.needsNumber !== null,
    needsSpecial: policy.needsSpecial !== null,
  });
  return (
    <List listStyleType="none" spacing={2} aria-label={t("rulesLabel")}>
      {checks.map(({ rule, isMet }) => (
        <List.Item key={rule}>
          <Group gap={6} wrap="nowrap">
            {isMet ? (
              <IconCircleCheck
                size={18}
                style={fixed}
                color="var(--mantine-color-teal-6)"
                aria-hidden
              />
            ) : (
              <IconCircle size={18} style={fixed} color="var(--mantine-color-dimmed)" aria-hidden />
            )}
            <Text size="sm" {...(!isMet && { c: "dimmed" })}>
              {t(rule, { count: policy.minLength.value })}
              <VisuallyHidden>: {isMet ? t("met") : t("notMet")}</VisuallyHidden>
            </Text>
          </Group>
        </List.Item>
      ))}
      {policy.reuseDays !== null && (
        <List.Item>
          <Text size="sm" c="dimmed">
            {t("reuseDays", { count: policy.reuseDays.value })}
          </Text>
        </List.Item>
      )}
    </List>
  );
}
