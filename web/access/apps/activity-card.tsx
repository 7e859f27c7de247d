import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { OutcomeColumns } from "../../ui/outcome-columns.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import { activityQuery, type OneApp } from "./app-api.ts";

/** What was done to an app and refused, by day: two weeks. */
export function ActivityCard({ app }: { app: OneApp }) {
  const { t, i18n } = useTranslation("apps");
  const [nowMs] = useState(Date.now);
  // Counting may take a moment: the rest of the page does not wait for it.
  const { data } = useQuery(activityQuery(app.id, nowMs));
  const short = new Intl.DateTimeFormat(regionOf(i18n.language), {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const rows = (data?.days ?? []).map(({ day, done, refused, failed }) => ({
    label: short.format(new Date(`${day}T00:00:00Z`)),
    allowed: done,
    refused: refused + failed,
  }));
  if (data === undefined) return null;
  const isQuiet = rows.every(({ allowed, refused }) => allowed + refused === 0);
  return (
    <Card
      title={t("activityTitle")}
      action={
        <Button component={Link} to={paths.actionLog({ app: app.id })} variant="default" size="xs">
          {t("toLog")}
        </Button>
      }
    >
      {isQuiet ? (
        <Text c="dimmed">{t("noActivity")}</Text>
      ) : (
        <OutcomeColumns of={t("activityOf")} head={t("dayHead")} rows={rows} />
      )}
    </Card>
  );
}
