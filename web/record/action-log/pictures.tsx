import { Button, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { mostTelling } from "../../ui/most-telling.ts";
import { OutcomeBars } from "../../ui/outcome-bars.tsx";
import { OutcomeColumns } from "../../ui/outcome-columns.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import type { LogSummary } from "./log-api.ts";

const ADDRESSES = 6;

/** Activity and sign-ins over time, and who was refused from where: to be looked at. */
export function Pictures({ summary }: { summary: LogSummary }) {
  const { t, i18n } = useTranslation("actionLog");
  const [shown, setShown] = useQueryValue("pictures");
  const isShown = shown !== "no";
  const dayOf = new Intl.DateTimeFormat(regionOf(i18n.language), {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const rows = summary.days.map(({ day, ...counts }) => ({
    ...counts,
    label: dayOf.format(new Date(`${day}T00:00:00Z`)),
  }));
  return (
    <Card
      title={t("pictures")}
      intro={t("picturesPeriod")}
      action={
        <Button variant="default" size="xs" onClick={() => setShown(isShown ? "no" : null)}>
          {isShown ? t("picturesHide") : t("picturesShow")}
        </Button>
      }
    >
      {!summary.isComplete && <Text size="sm">{t("stillCounting")}</Text>}
      {isShown && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Picture title={t("activity")}>
            <OutcomeColumns
              of={t("activity")}
              head={t("day")}
              rows={rows.map(({ label, done, refused, failed }) => ({
                label,
                allowed: done,
                refused: refused + failed,
              }))}
            />
          </Picture>
          <Picture title={t("signIns")}>
            <OutcomeColumns
              of={t("signIns")}
              head={t("day")}
              rows={rows.map(({ label, signIns, refusedSignIns }) => ({
                label,
                allowed: signIns,
                refused: refusedSignIns,
              }))}
            />
          </Picture>
          <Picture title={t("byAddress")}>
            <ByAddress addresses={summary.addresses} />
          </Picture>
        </SimpleGrid>
      )}
    </Card>
  );
}

function Picture({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs">
      <Group>
        <Title order={3} size="h5">
          {title}
        </Title>
      </Group>
      {children}
    </Stack>
  );
}

function ByAddress({ addresses }: Pick<LogSummary, "addresses">) {
  const { t } = useTranslation("actionLog");
  if (addresses.length === 0) return <Text c="dimmed">{t("noAddresses")}</Text>;
  const rows = addresses.map(({ address, done, refused, failed }) => ({
    label: address,
    allowed: done,
    refused: refused + failed,
  }));
  return (
    <OutcomeBars of={t("byAddress")} head={t("address")} rows={mostTelling(rows, ADDRESSES)} />
  );
}
