import { Box, Button, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "../../ui/list.tsx";
import { EntryRow, OutcomeBadge, TimeOfDay } from "./entry-row.tsx";
import type { Run } from "./fold-refusals.ts";
import { useReason, useSentences } from "./sentence.ts";

type Props = { run: Run; region: string; isOpen: boolean; onToggle: () => void };

/** The same refusal again and again: how often, from when to when, and each of them when it is opened. */
export function RefusalRun({ run, region, isOpen, onToggle }: Props) {
  const { t } = useTranslation("actionLog");
  const { tell } = useSentences();
  const sentence = tell(run.entries[0]);
  return (
    <Row>
      <Group justify="space-between" gap="sm">
        <Stack gap={2} flex={1} miw={200}>
          <Text>{sentence}</Text>
          <RunFacts run={run} region={region} />
        </Stack>
        <OutcomeBadge outcome="refused" />
      </Group>
      <Box>
        <Button
          variant="subtle"
          size="compact-sm"
          ml={-8}
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          {t(isOpen ? "runFold" : "each")}
          <VisuallyHidden>: {sentence}</VisuallyHidden>
        </Button>
      </Box>
      {isOpen && (
        <RowList label={sentence}>
          {run.entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} region={region} />
          ))}
        </RowList>
      )}
    </Row>
  );
}

function RunFacts({
  run: { entries, count, isWhole },
  region,
}: Omit<Props, "isOpen" | "onToggle">) {
  const { t } = useTranslation("actionLog");
  const reasonOf = useReason();
  const [newest] = entries;
  const oldest = entries.at(-1) ?? newest;
  const addresses = [...new Set(entries.flatMap(({ address }) => address ?? []))];
  const formatted = count.toLocaleString(region);
  const from = addresses.length > 1 ? t("runAddresses", { count: addresses.length }) : addresses[0];
  return (
    <Text size="sm" c="dimmed" className="log-facts">
      {t(isWhole ? "runTimes" : "runTimesAtLeast", { formatted })}
      {", "}
      <TimeOfDay at={oldest.at} region={region} /> – <TimeOfDay at={newest.at} region={region} />
      {from !== undefined && ` · ${from}`}
      {newest.reason !== undefined && ` · ${reasonOf(newest.reason)}`}
    </Text>
  );
}
