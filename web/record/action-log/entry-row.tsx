import { Anchor, Badge, Group, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Row } from "../../ui/list.tsx";
import type { LogEntry } from "./log-api.ts";
import { useReason, useSentences } from "./sentence.ts";

/** One entry as a sentence, with when, from where and why below it. */
export function EntryRow({ entry, region }: { entry: LogEntry; region: string }) {
  const { tell } = useSentences();
  const { t } = useTranslation("actionLog");
  const reasonOf = useReason();
  const { at, outcome, reason, address, count } = entry;
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
          <TimeOfDay at={at} region={region} />
          {address !== null && ` · ${address}`}
          {reason !== undefined &&
            (outcome !== "done" || isGiven(reason)) &&
            ` · ${reasonOf(reason)}`}
          {count !== undefined && ` · ${t("alike", { formatted })}`}
        </Text>
      </Group>
    </Row>
  );
}

/** What somebody wrote down as their reason; others are codes, which say nothing more of what was done. */
const isGiven = (reason: string): boolean => !/^[a-z0-9]+(?:[_-][a-z0-9]+)*$/.test(reason);

/** The day stands above. */
export function TimeOfDay({ at, region }: { at: string; region: string }) {
  const time = new Intl.DateTimeFormat(region, { timeStyle: "medium" }).format(new Date(at));
  return (
    <time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`}>
      {time}
    </time>
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
