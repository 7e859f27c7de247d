import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { LogEntry } from "../../src/contract/record/entries.ts";
import { paths } from "../paths.ts";
import { useSentences } from "../record/action-log/sentence.ts";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Row, RowList } from "../ui/list.tsx";
import { Timestamp } from "../ui/timestamp.tsx";

/** The newest entries that are more than a look, in the action log's own sentences; each opens there. */
export function LatestChanges({ entries }: { entries: readonly LogEntry[] }) {
  const { t } = useTranslation("home");
  const { tell } = useSentences();
  return (
    <Card
      title={t("changed")}
      action={
        <Anchor component={Link} to={paths.actionLog()} size="sm">
          {t("wholeLog")}
        </Anchor>
      }
    >
      {entries.length === 0 ? (
        <EmptyState title={t("noChanges")}>{t("noChangesHint")}</EmptyState>
      ) : (
        <RowList label={t("changed")}>
          {entries.map((entry) => (
            <Row key={entry.id}>
              <Text>
                <Anchor
                  component={Link}
                  to={paths.actionLog({ entry: entry.id })}
                  c="inherit"
                  underline="hover"
                >
                  {tell(entry)}
                </Anchor>
              </Text>
              <Text size="sm" c="dimmed">
                <Timestamp at={entry.at} as="ago" />
              </Text>
            </Row>
          ))}
        </RowList>
      )}
    </Card>
  );
}
