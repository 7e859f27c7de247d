import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../paths.ts";
import { Card } from "../ui/card.tsx";
import { Row, RowList } from "../ui/list.tsx";
import { Timestamp } from "../ui/timestamp.tsx";
import type { Home } from "./home-api.ts";

/** Access that ends within a week: one's own, and that of people in one's apps. */
export function EndsSoon({ grants }: { grants: Home["endingGrants"] }) {
  const { t } = useTranslation("home");
  return (
    <Card title={t("endsSoon")} intro={t("endsSoonIntro")}>
      <RowList label={t("endsSoon")}>
        {grants.map(({ id, app, holder, organisationId, isOwn, endsAt }) => (
          <Row key={id}>
            <Anchor
              component={Link}
              to={isOwn ? paths.sharedWithMe() : paths.person(organisationId, holder.id)}
              fw={600}
            >
              {isOwn
                ? t("ownAccess", { app: app.name })
                : t("accessOf", { name: holder.displayName, app: app.name })}
            </Anchor>
            <Text size="sm" c="dimmed">
              {t("ends")} <Timestamp at={endsAt} as="ago" />
            </Text>
          </Row>
        ))}
      </RowList>
    </Card>
  );
}
