import { Anchor, Badge, Group, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Row, RowList } from "../../ui/list.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import type { LogEntry } from "./log-api.ts";
import { useReason, useSentences } from "./sentence.ts";

/** Entries as sentences, newest first, each day under its name. */
export function EntryList({ entries }: { entries: readonly LogEntry[] }) {
  const { t, i18n } = useTranslation("actionLog");
  const region = regionOf(i18n.language);
  const dayOf = new Intl.DateTimeFormat(region, { dateStyle: "full" });
  const [now] = useState(() => Date.now());
  const today = dayOf.format(now);
  const yesterday = dayOf.format(now - 86_400_000);
  const days = Map.groupBy(entries, ({ at }) => dayOf.format(new Date(at)));
  const nameOf = (day: string): string => {
    if (day === today) return t("today");
    return day === yesterday ? t("yesterday") : day;
  };
  return (
    <Stack gap="md">
      {[...days].map(([day, some]) => (
        <Stack key={day} gap="xs" component="section">
          <Title order={3} size="h5">
            {nameOf(day)}
          </Title>
          <RowList label={nameOf(day)}>
            {some.map((entry) => (
              <EntryRow key={entry.id} entry={entry} region={region} />
            ))}
          </RowList>
        </Stack>
      ))}
    </Stack>
  );
}

function EntryRow({ entry, region }: { entry: LogEntry; region: string }) {
  const { tell } = useSentences();
  const { t } = useTranslation("actionLog");
  const reasonOf = useReason();
  const { at, outcome, reason, address, count } = entry;
  const time = new Intl.DateTimeFormat(region, { timeStyle: "medium" }).format(new Date(at));
  const to = useEntryLink(entry.id);
  const formatted = (count ?? 1).toLocaleString(region);
  return (
    <Row actions={outcome === "done" ? undefined : <OutcomeBadge outcome={outcome} />}>
      <Text>
        <Anchor component={Link} to={to} preventScrollReset c="inherit" underline="hover">
          {tell(entry)}
        </Anchor>
      </Text>
      <Group gap={6}>
        <Text size="sm" c="dimmed" className="log-facts">
          <time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`}>
            {time}
          </time>
          {address !== null && ` · ${address}`}
          {outcome !== "done" && reason !== undefined && ` · ${reasonOf(reason)}`}
          {count !== undefined && ` · ${t("alike", { formatted })}`}
        </Text>
      </Group>
    </Row>
  );
}

/** Opens the entry beside the list; the filter stays. */
function useEntryLink(id: string) {
  const { pathname, search } = useLocation();
  const query = new URLSearchParams(search);
  query.set("entry", id);
  return { pathname, search: query.toString() };
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { t } = useTranslation("actionLog");
  const color = { done: "green", refused: "red", failed: "orange" }[outcome] ?? "gray";
  return (
    <Badge color={color}>
      {t(outcome as "done")}
      <VisuallyHidden>.</VisuallyHidden>
    </Badge>
  );
}
