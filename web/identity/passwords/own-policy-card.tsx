import { Alert, List, Text } from "@mantine/core";
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
        {t("dueBefore")} <Timestamp at={due.at} />
        {due.source !== null && `, ${sourceText(due.source)}`}
      </Text>
    </Alert>
  );
}

/** The rules of a policy, by whose they are; what holds for everybody last. */
export function RuleList({ policy }: { policy: EffectivePasswordPolicy }) {
  const { t } = useTranslation("passwordPolicy");
  const groups = Map.groupBy(useRules(policy), ({ source }) => source?.organisation.id ?? null);
  const others = [...groups].filter(([id]) => id !== null);
  return (
    <RowList label={t("ownTitle")}>
      {[...others, ...[...groups].filter(([id]) => id === null)].map(([id, rules]) => (
        <RuleGroup key={id} rules={rules} />
      ))}
    </RowList>
  );
}

type Rule = { text: string; source: Source | null };

/** Every rule in words. */
function useRules(policy: EffectivePasswordPolicy): Rule[] {
  const { t } = useTranslation("passwordPolicy");
  const { minLength, maxAgeDays, reuseDays, idleMinutes } = policy;
  const kinds = (["needsCapital", "needsNumber", "needsSpecial"] as const).flatMap((name) => {
    const rule = policy[name];
    return rule === null ? [] : [{ text: t(name), source: rule.source }];
  });
  return [
    { text: t("minLength", { count: minLength.value }), source: minLength.source },
    ...kinds,
    ...(maxAgeDays === null
      ? []
      : [{ text: t("maxAgeDays", { count: maxAgeDays.value }), source: maxAgeDays.source }]),
    ...(reuseDays === null
      ? []
      : [{ text: t("reuseDays", { count: reuseDays.value }), source: reuseDays.source }]),
    ...(idleMinutes === null
      ? []
      : [{ text: t("idleMinutes", { count: idleMinutes.value }), source: idleMinutes.source }]),
    { text: t("notGuessable"), source: null },
  ];
}

function RuleGroup({ rules }: { rules: readonly Rule[] }) {
  const { t } = useTranslation("passwordPolicy");
  const sourceText = useSourceText();
  const source = rules[0]?.source ?? null;
  return (
    <Row>
      <Text fw={600}>{asSentence(sourceText(source))}</Text>
      <List size="sm">
        {rules.map(({ text }) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
      {source !== null && source.owners.length > 0 && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {t("keptBy", { owners: source.owners.map(({ email }) => email).join(", ") })}
        </Text>
      )}
    </Row>
  );
}

const asSentence = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
