import { Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Organisation } from "../../../src/contract/access/organisations.ts";
import { Card } from "../../ui/card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { retentionQuery } from "./retention-api.ts";

/** What went of the organisation's log lately, and where the public log says so. */
export function ActsCard({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation("retention");
  const { acts } = useSuspenseQuery(retentionQuery(organisation.id)).data;
  return (
    <Card title={t("acts")} intro={t("actsIntro")}>
      {acts.length === 0 ? (
        <Text>{t("noActs")}</Text>
      ) : (
        <RowList label={t("acts")}>
          {acts.map(({ number, endedAt, entries, held, leaves }) => (
            <Row key={number}>
              <Text fw={600}>
                <Timestamp at={endedAt} />
              </Text>
              <Text size="sm">{t("act", { entries, held })}</Text>
              {leaves !== null && (
                <Text size="sm" c="dimmed">
                  {t("actLeaves", { number, first: leaves[0], last: leaves[1] })}
                </Text>
              )}
            </Row>
          ))}
        </RowList>
      )}
    </Card>
  );
}
