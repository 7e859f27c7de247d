import { Alert, Anchor, Button, List, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Row, RowList } from "../../ui/list.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { EndText } from "../sharing/end-text.tsx";
import type { Accepted } from "./accept-api.ts";

const reasons = {
  "no-longer-allowed": "leftOutNoLongerAllowed",
  ended: "leftOutEnded",
  "has-other-access": "leftOutOtherAccess",
} as const;

/** What accepting gave, with the way there; and what it did not give, with why. */
export function AcceptedReport({ accepted }: { accepted: Accepted }) {
  const { t } = useTranslation("mailLinks");
  const roleName = useRoleName();
  const { grants, leftOut, organisation } = accepted;
  return (
    <Stack>
      <Title order={1}>{t("acceptedTitle")}</Title>
      <Text role="status">{t("acceptedIntro")}</Text>
      <RowList label={t("offered")}>
        {organisation !== null && (
          <Row>
            <Anchor component={Link} to={paths.organisation(organisation.id)} fw={600}>
              {organisation.name}
            </Anchor>
            <Text size="sm">{roleName(organisation.role)}</Text>
          </Row>
        )}
        {grants.map(({ id, app, role, expiresAt }) => (
          <Row key={id} actions={<EndText expiresAt={expiresAt} />}>
            <Anchor component={Link} to={paths.app(app.id)} fw={600}>
              {app.name}
            </Anchor>
            <Text size="sm">{t("asRole", { role: roleName(role) })}</Text>
          </Row>
        ))}
      </RowList>
      {leftOut.length > 0 && (
        <Alert color="orange" title={t("leftOut")}>
          <List size="sm">
            {leftOut.map(({ app, role, reason }) => (
              <List.Item key={app.id}>
                {t(reasons[reason], { app: app.name, role: roleName(role) })}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Button component={Link} to={paths.sharedWithMe()}>
        {t("toSharedWithMe")}
      </Button>
    </Stack>
  );
}
