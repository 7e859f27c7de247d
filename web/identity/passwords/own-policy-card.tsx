import { Alert, Stack, Text } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { ownPolicyQuery, type EffectivePasswordPolicy } from "./password-api.ts";
import { useSourceText, type Source } from "./rule-source.tsx";

/** What is asked of one's own password, each rule with whose it is, and until when it is good. */
export function OwnPolicyCard() {
  const { t } = useTranslation("passwordPolicy");
  const policy = useSuspenseQuery(ownPolicyQuery).data;
  return (
    <Card title={t("ownTitle")} intro={t("ownIntro")}>
      {policy.due !== null && <Due due={policy.due} />}
      <RuleList policy={policy} />
    </Card>
  );
}

function Due({ due }: { due: NonNullable<EffectivePasswordPolicy["due"]> }) {
  const { t } = useTranslation("passwordPolicy");
  const sourceText = useSourceText();
  return (
    <Alert icon={<IconClock aria-hidden />} color="blue" title={t("dueTitle")}>
      <Text size="sm">
        {t("dueBefore")} <Timestamp at={due.at} />, {sourceText(due.source)}
      </Text>
    </Alert>
  );
}

/** The rules of a policy, each with whose it is. */
export function RuleList({ policy }: { policy: EffectivePasswordPolicy }) {
  const { t } = useTranslation("passwordPolicy");
  const { minLength, maxAgeDays, reuseDays } = policy;
  return (
    <RowList label={t("ownTitle")}>
      <Rule text={t("minLength", { count: minLength.value })} source={minLength.source} />
      {(["needsCapital", "needsNumber", "needsSpecial"] as const).map((name) => {
        const rule = policy[name];
        return rule === null ? null : <Rule key={name} text={t(name)} source={rule.source} />;
      })}
      {maxAgeDays !== null && (
        <Rule text={t("maxAgeDays", { count: maxAgeDays.value })} source={maxAgeDays.source} />
      )}
      {reuseDays !== null && (
        <Rule text={t("reuseDays", { count: reuseDays.value })} source={reuseDays.source} />
      )}
      <Rule text={t("notGuessable")} source={null} />
    </RowList>
  );
}

function Rule({ text, source }: { text: string; source: Source | null }) {
  const { t } = useTranslation("passwordPolicy");
  const sourceText = useSourceText();
  return (
    <Row>
      <Text>{text}</Text>
      <Stack gap={0}>
        <Text size="sm" c="dimmed">
          {sourceText(source)}
        </Text>
        {source !== null && source.owners.length > 0 && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {t("keptBy", { owners: source.owners.map(({ email }) => email).join(", ") })}
          </Text>
        )}
      </Stack>
    </Row>
  );
}
