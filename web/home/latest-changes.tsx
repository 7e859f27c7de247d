import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { useSentences } from "../record/action-log/sentence.ts";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Row, RowList } from "../ui/list.tsx";
import { agoText, regionOf, Timestamp } from "../ui/timestamp.tsx";
import type { Latest } from "./latest.ts";

/** The newest changes in the action log's own sentences; each opens there. Sign-ins are one line below them. */
export function LatestChanges({ changes, signIns }: Latest) {
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
      {changes.length === 0 ? (
        <EmptyState title={t("noChanges")}>{t("noChangesHint")}</EmptyState>
      ) : (
        <RowList label={t("changed")}>
          {changes.map((entry) => (
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
      {signIns !== null && <SignIns {...signIns} />}
    </Card>
  );
}

function SignIns({ count, since, last }: NonNullable<Latest["signIns"]>) {
  const { t, i18n } = useTranslation("home");
  const day = new Intl.DateTimeFormat(regionOf(i18n.language), { dateStyle: "long" });
  return (
    <Text size="sm" c="dimmed">
      {t("signIns", {
        count,
        since: day.format(new Date(since)),
        ago: agoText(last, i18n.language),
      })}{" "}
      <Anchor component={Link} to={paths.sessions()} inherit>
        {t("whereSignedIn")}
      </Anchor>
    </Text>
  );
}
