import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { mostTelling } from "../../ui/most-telling.ts";
import { OutcomeBars } from "../../ui/outcome-bars.tsx";
import { OutcomeColumns } from "../../ui/outcome-columns.tsx";
import type { Outcome } from "../../ui/outcome-table.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import type { LogSummary } from "./log-api.ts";

const ADDRESSES = 6;

/** Activity and sign-ins over time, and who was refused from where: to be looked at. */
export function Pictures({ summary }: { summary: LogSummary }) {
  const { t, i18n } = useTranslation("actionLog");
  const region = regionOf(i18n.language);
  const nameOf = dayNames(region);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Picture title={t("activity")}>
        <OutcomeColumns of={t("activity")} head={t("day")} rows={dayRowsOf(summary, region)} />
      </Picture>
      <Picture title={t("signIns")}>
        <OutcomeColumns
          of={t("signIns")}
          head={t("day")}
          rows={summary.days.map(({ day, signIns, refusedSignIns }) => ({
            label: nameOf(day),
            allowed: signIns,
            refused: refusedSignIns,
          }))}
        />
      </Picture>
      <Picture title={t("byAddress")}>
        <ByAddress addresses={summary.addresses} />
      </Picture>
    </SimpleGrid>
  );
}

/** What was done and what was not, by day. */
export function dayRowsOf({ days }: LogSummary, region: string): Outcome[] {
  const nameOf = dayNames(region);
  return days.map(({ day, done, refused, failed }) => ({
    label: nameOf(day),
    allowed: done,
    refused: refused + failed,
  }));
}

function dayNames(region: string): (day: string) => string {
  const format = new Intl.DateTimeFormat(region, {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  return (day) => format.format(new Date(`${day}T00:00:00Z`));
}

function Picture({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {title}
      </Title>
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
