import { Stack, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { RowList } from "../../ui/list.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import { EntryRow } from "./entry-row.tsx";
import { foldRefusals, type Line, type Run } from "./fold-refusals.ts";
import type { LogEntry } from "./log-api.ts";
import { RefusalRun } from "./refusal-run.tsx";

type Props = {
  /** Newest first. */
  entries: readonly LogEntry[];
  /** More can be loaded: what is counted may not be all. */
  hasOlder: boolean;
};

/** Entries as sentences, newest first, each day under its name; a refusal again and again is one line. */
export function EntryList({ entries, hasOlder }: Props) {
  const { t, i18n } = useTranslation("actionLog");
  const region = regionOf(i18n.language);
  const dayOf = new Intl.DateTimeFormat(region, { dateStyle: "full" });
  const [now] = useState(() => Date.now());
  const today = dayOf.format(now);
  const yesterday = dayOf.format(now - 86_400_000);
  const { isOpen, toggle } = useOpenRuns();
  const nameOf = (day: string): string => {
    if (day === today) return t("today");
    return day === yesterday ? t("yesterday") : day;
  };
  return (
    <Stack gap="md">
      {linesByDay(entries, { hasOlder, dayOf }).map(([day, lines]) => (
        <Stack key={day} gap="xs" component="section">
          <Title order={3} size="h5">
            {nameOf(day)}
          </Title>
          <RowList label={nameOf(day)}>
            {lines.map((line) =>
              line.kind === "one" ? (
                <EntryRow key={line.entry.id} entry={line.entry} region={region} />
              ) : (
                <RefusalRun
                  key={line.entries.at(-1)?.id}
                  run={line}
                  region={region}
                  isOpen={isOpen(line)}
                  onToggle={() => toggle(line)}
                />
              ),
            )}
          </RowList>
        </Stack>
      ))}
    </Stack>
  );
}

function linesByDay(
  entries: readonly LogEntry[],
  { hasOlder, dayOf }: { hasOlder: boolean; dayOf: Intl.DateTimeFormat },
): [day: string, lines: Line[]][] {
  const nameOf = ({ at }: LogEntry) => dayOf.format(new Date(at));
  const lines = foldRefusals(entries, { hasOlder, dayOf: nameOf });
  const days = Map.groupBy(lines, (line) =>
    nameOf(line.kind === "one" ? line.entry : line.entries[0]),
  );
  return [...days];
}

/** Which runs are open, by any entry in them: a run that grows at either end stays as it was. */
function useOpenRuns() {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const isOpen = ({ entries }: Run) => entries.some(({ id }) => open.has(id));
  const toggle = (run: Run) => {
    const ids = run.entries.map(({ id }) => id);
    setOpen(new Set(isOpen(run) ? [...open].filter((id) => !ids.includes(id)) : [...open, ...ids]));
  };
  return { isOpen, toggle };
}
