import { Anchor, Button, Group, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Row, RowList } from "../../ui/list.tsx";
import { regionOf, Timestamp } from "../../ui/timestamp.tsx";
import type { LogSummary } from "./log-api.ts";
import type { LogFilter } from "./log-filter.ts";
import { useSentences } from "./sentence.ts";

const SHOWN_AT_FIRST = 5;

type Fold = LogSummary["routine"][number];

/** What was refused first, then what was done most. */
const byWeight = (one: Fold, other: Fold): number =>
  Number(other.refused > 0) - Number(one.refused > 0) ||
  other.done + other.refused + other.failed - (one.done + one.refused + one.failed);

/** What is done again and again: a sentence with its count for each; every one is a click away. */
export function Routine({ folds, filter }: { folds: readonly Fold[]; filter: LogFilter }) {
  const { t } = useTranslation("actionLog");
  const [isWhole, setWhole] = useState(false);
  const ordered = folds.toSorted(byWeight);
  const shown = isWhole ? ordered : ordered.slice(0, SHOWN_AT_FIRST);
  const more = folds.length - shown.length;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t("routine")}
      </Title>
      <Text c="dimmed">{t(folds.length === 0 ? "routineNone" : "routineIntro")}</Text>
      {folds.length > 0 && (
        <RowList label={t("routine")}>
          {shown.map((fold) => (
            <FoldRow
              key={[fold.actor.accountId, fold.credential?.id, fold.app?.id, fold.action].join(" ")}
              fold={fold}
              filter={filter}
            />
          ))}
        </RowList>
      )}
      {more > 0 && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setWhole(true)}>
            {t("allRoutine", { count: more })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function FoldRow({ fold, filter }: { fold: Fold; filter: LogFilter }) {
  const { t } = useTranslation("actionLog");
  const { tell } = useSentences();
  const text = useFoldText(fold);
  const { action, app, actor, credential } = fold;
  const to = paths.actionLog({
    ...(filter.when !== undefined && { when: filter.when, from: filter.from, to: filter.to }),
    view: "all",
    action,
    app: app?.id,
    person: actor.accountId ?? undefined,
    credential: credential?.id,
  });
  return (
    <Row
      actions={
        <Anchor component={Link} to={to} size="sm">
          {t("each")}
          <VisuallyHidden>: {tell({ ...fold, outcome: "done" })}</VisuallyHidden>
        </Anchor>
      }
    >
      <Text>{text}</Text>
      <Text size="sm" c="dimmed">
        {t("lastTime")} <Timestamp at={fold.lastAt} as="ago" />
      </Text>
    </Row>
  );
}

/** "Billing called Shop 12,480 times, 3 refused". */
function useFoldText(fold: Fold): string {
  const { t, i18n } = useTranslation("actionLog");
  const { tell } = useSentences();
  const format = (count: number) => count.toLocaleString(regionOf(i18n.language));
  const { done, refused, failed } = fold;
  const count = done + refused + failed;
  const parts = [
    `${tell({ ...fold, outcome: done > 0 ? "done" : "refused" })} ${t("times", { count, formatted: format(count) })}`,
  ];
  if (refused > 0) parts.push(t("refusedCount", { formatted: format(refused) }));
  if (failed > 0) parts.push(t("failedCount", { formatted: format(failed) }));
  return parts.join(", ");
}
