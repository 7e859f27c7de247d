import { Alert, Anchor, Badge, Button, Group, List, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { healthWarningText } from "../../api/failure-text.ts";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Page } from "../../ui/page.tsx";
import { agoText, Timestamp } from "../../ui/timestamp.tsx";
import { healthQuery, type Health } from "./health-api.ts";
import { judgeHealth, warningsOf, type Verdict } from "./judge-health.ts";

/** Each part of the installation in a sentence; what to do where it is not well. */
export function HealthPage() {
  const { t } = useTranslation("operator");
  const { data, dataUpdatedAt, refetch, isFetching } = useSuspenseQuery(healthQuery);
  const verdicts = judgeHealth(data, dataUpdatedAt);
  const worst = worstOf(Object.values(verdicts));
  return (
    <Page
      title={t("health.title")}
      intro={t("health.intro")}
      guide="operator"
      action={
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          {t("health.refresh")}
        </Button>
      }
    >
      <Alert color={COLORS[worst]} variant="light" role="status" title={t(`health.all_${worst}`)}>
        {t("health.asOf")} <Timestamp at={new Date(dataUpdatedAt).toISOString()} />
      </Alert>
      <Part name={t("health.processes")} verdict={verdicts.processes}>
        <Text>
          {t(verdicts.processes === "good" ? "health.processesGood" : "health.processesBad")}
        </Text>
        <Processes processes={data.processes} />
      </Part>
      <Record health={data} verdict={verdicts.record} />
      <PublicLog health={data} verdict={verdicts.log} />
      <Part name={t("health.queue")} verdict={verdicts.queue}>
        <Text>
          {t(`health.queue_${verdicts.queue}`)}{" "}
          <Anchor component={Link} to={paths.operatorQueue()}>
            {t("health.toQueue")}
          </Anchor>
        </Text>
        <Remarks warnings={warningsOf(data, "queue")} />
      </Part>
      <Database health={data} />
    </Page>
  );
}

type OfHealth = { health: Health; verdict: Verdict };

function Record({ health: data, verdict }: OfHealth) {
  const { t } = useTranslation("operator");
  return (
    <Part name={t("health.record")} verdict={verdict}>
      <Text>{t(`health.record_${verdict}`)}</Text>
      <Remarks warnings={warningsOf(data, "record")} />
      <Facts
        rows={[
          { name: t("health.waiting"), value: data.record.waiting },
          { name: t("health.unfiled"), value: data.record.unfiled },
          { name: t("health.oldestUnfiled"), value: <Ago at={data.record.oldestUnfiledAt} /> },
        ]}
      />
    </Part>
  );
}

/** What anybody can check an entry against. */
function PublicLog({ health: data, verdict }: OfHealth) {
  const { t } = useTranslation("operator");
  return (
    <Part name={t("health.log")} verdict={verdict}>
      <Text>{t(`health.log_${verdict}`)}</Text>
      <Remarks warnings={warningsOf(data, "log")} />
      <Facts
        rows={[
          { name: t("health.oldestUnproven"), value: <Ago at={data.record.oldestUnprovenAt} /> },
        ]}
      />
    </Part>
  );
}

function Database({ health: data }: { health: Health }) {
  const { t } = useTranslation("operator");
  return (
    <Part name={t("health.database")} verdict="good">
      <Text>{t("health.databaseGood")}</Text>
      <Facts
        rows={[
          { name: t("health.version"), value: data.version },
          { name: t("health.postgres"), value: data.database.version },
          { name: t("health.size"), value: <Megabytes bytes={data.database.sizeBytes} /> },
        ]}
      />
    </Part>
  );
}

const COLORS: Readonly<Record<Verdict, string>> = { good: "green", look: "orange", bad: "red" };

const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  (["bad", "look"] as const).find((verdict) => verdicts.includes(verdict)) ?? "good";

type PartProps = { name: string; verdict: Verdict; children: ReactNode };

function Part({ name, verdict, children }: PartProps) {
  const { t } = useTranslation("operator");
  return (
    <Card title={name} action={<Badge color={COLORS[verdict]}>{t(`health.${verdict}`)}</Badge>}>
      {children}
    </Card>
  );
}

/** What the server remarks, with its figures. */
function Remarks({ warnings }: Pick<Health, "warnings">) {
  if (warnings.length === 0) return null;
  return (
    <List>
      {warnings.map((warning) => (
        <List.Item key={warning.code}>{healthWarningText(warning)}</List.Item>
      ))}
    </List>
  );
}

function Processes({ processes }: { processes: Health["processes"] }) {
  const { t } = useTranslation("operator");
  return (
    <Facts
      rows={processes.map(({ id, roles, isAlive, startedAt, seenAt }) => ({
        key: id,
        name: roles.join(", "),
        value: (
          <Group gap="xs">
            <Text span>
              {t("health.running")} <Timestamp at={startedAt} as="ago" />
            </Text>
            {!isAlive && (
              <Badge color="gray">
                {t("health.gone")} <Timestamp at={seenAt} as="ago" />
              </Badge>
            )}
          </Group>
        ),
      }))}
    />
  );
}

function Ago({ at }: { at: string | null }) {
  const { t, i18n } = useTranslation("operator");
  return at === null ? t("health.nothingWaits") : agoText(at, i18n.language);
}

function Megabytes({ bytes }: { bytes: number }) {
  const { i18n } = useTranslation();
  const format = new Intl.NumberFormat(i18n.language, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 0,
  });
  return format.format(bytes / 1_000_000);
}
