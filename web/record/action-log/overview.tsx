import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Card } from "../../ui/card.tsx";
import { OutcomeStrip, STRIP_HEIGHT } from "../../ui/outcome-columns.tsx";
import { regionOf } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import type { LogSummary } from "./log-api.ts";
import type { LogFilter } from "./log-filter.ts";
import { dayRowsOf, Pictures } from "./pictures.tsx";
import { Routine } from "./routine.tsx";
import { useLogFilter } from "./use-log-filter.ts";

type Props = {
  summary: LogSummary | undefined;
  /** False: the filter asks for what nobody counts. */
  isCounted: boolean;
  isTooMuch: boolean;
  /** The list leaves out what is routine, so that it is summed up here. */
  hasRoutine: boolean;
  filter: LogFilter;
};

/**
 * Above the entries: how much there was, day by day, and what opens on wish. It takes its room before its counts
 * are there, so that the entries come first and do not move.
 */
export function Overview({ summary, isCounted, isTooMuch, hasRoutine, filter }: Props) {
  const { t } = useTranslation("actionLog");
  const [pictures, setPictures] = useQueryValue("pictures", { isFilter: true });
  const [routine, setRoutine] = useQueryValue("routine", { isFilter: true });
  if (!isCounted || isTooMuch) return <NotCounted isTooMuch={isTooMuch} />;
  return (
    <Card
      title={t("pictures")}
      intro={t("picturesPeriod")}
      action={
        <Group gap="xs">
          <Fold
            isOpen={pictures !== null}
            show={t("picturesShow")}
            hide={t("picturesHide")}
            onChange={(isOpen) => setPictures(isOpen ? "open" : null)}
          />
          {hasRoutine && (
            <Fold
              isOpen={routine !== null}
              show={t("routineShow")}
              hide={t("routineHide")}
              onChange={(isOpen) => setRoutine(isOpen ? "open" : null)}
            />
          )}
        </Group>
      }
    >
      <Sums summary={summary} />
      {summary !== undefined && pictures !== null && <Pictures summary={summary} />}
      {summary !== undefined && hasRoutine && routine !== null && (
        <Routine folds={summary.routine} filter={filter} />
      )}
    </Card>
  );
}

type FoldProps = {
  isOpen: boolean;
  show: string;
  hide: string;
  onChange: (isOpen: boolean) => void;
};

function Fold({ isOpen, show, hide, onChange }: FoldProps) {
  return (
    <Button variant="default" size="xs" aria-expanded={isOpen} onClick={() => onChange(!isOpen)}>
      {isOpen ? hide : show}
    </Button>
  );
}

/** Each day as a column, and all of them in words. */
function Sums({ summary }: Pick<Props, "summary">) {
  const { t, i18n } = useTranslation("actionLog");
  const region = regionOf(i18n.language);
  if (summary === undefined)
    return (
      <Stack gap={4} aria-hidden>
        <Skeleton height={STRIP_HEIGHT} animate={false} />
        <Text size="sm">&nbsp;</Text>
      </Stack>
    );
  const { done, refused, failed } = summary.totals;
  return (
    <Stack gap={4}>
      <OutcomeStrip of={t("activity")} rows={dayRowsOf(summary, region)} />
      <Text size="sm" c="dimmed">
        {t("sums", {
          done: done.toLocaleString(region),
          refused: (refused + failed).toLocaleString(region),
        })}
        {!summary.isComplete && ` ${t("stillCounting")}`}
      </Text>
    </Stack>
  );
}

/** Says why there are no sums; where it is the time's length, offers one that can be counted. */
function NotCounted({ isTooMuch }: Pick<Props, "isTooMuch">) {
  const { t } = useTranslation("actionLog");
  const { set } = useLogFilter();
  return (
    <Card title={t("pictures")}>
      <Text c="dimmed">{t(isTooMuch ? "tooMuchToCount" : "notCounted")}</Text>
      {isTooMuch && (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => set({ when: "7d", from: null, to: null })}
          >
            {t("period7d")}
          </Button>
        </Group>
      )}
    </Card>
  );
}
