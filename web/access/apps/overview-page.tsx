import { Button, Group, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { EndText } from "../sharing/end-text.tsx";
import { ActivityCard } from "./activity-card.tsx";
import { AccessCard } from "./access-card.tsx";
import { useApp, type OneApp } from "./app-api.ts";
import { AppPage } from "./app-frame.tsx";
import { CallersCard } from "./callers-card.tsx";
import { KeysCard } from "./keys-card.tsx";

/** What an app is, who and what reaches it, and what of that wants looking at. */
export function OverviewPage() {
  const { t } = useTranslation("apps");
  const app = useApp();
  const may = (permission: string) => app.permissions.includes(permission);
  return (
    <AppPage title={app.name} intro={t("overviewIntro")} guide="apps">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Facts app={app} />
        <AccessCard app={app} />
        {may("app:keys") && <KeysCard app={app} />}
        {may("app:addresses") && <CallersCard app={app} />}
      </SimpleGrid>
      {may("app:audit") && <ActivityCard app={app} />}
    </AppPage>
  );
}

function Facts({ app }: { app: OneApp }) {
  const { t } = useTranslation("apps");
  const roleName = useRoleName();
  const { id, organisation, role, expiresAt, createdAt, permissions, transfer } = app;
  return (
    <Card title={t("about")}>
      <Text>
        {t("belongsTo")} <b>{organisation.name}</b> · {t("since")}{" "}
        <Timestamp at={createdAt} as="date" />
      </Text>
      <Text>
        {t("yourRole")} <b>{roleName(role)}</b> ({t("mayDo", { count: permissions.length })})
        {expiresAt !== null && (
          <>
            {" "}
            · <EndText expiresAt={expiresAt} />
          </>
        )}
      </Text>
      {transfer !== null && <Text>{t("offeredTo", { email: transfer.email })}</Text>}
      <Group gap="xs">
        <CopyButton value={id} label={t("copyId")} />
        {permissions.includes("app:audit") && (
          <Button component={Link} to={paths.actionLog({ app: id })} variant="default" size="xs">
            {t("whatHappened")}
          </Button>
        )}
      </Group>
    </Card>
  );
}
