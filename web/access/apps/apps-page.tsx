import { Anchor, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { EndText } from "../sharing/end-text.tsx";
import { appsQuery, type AppSummary } from "./app-api.ts";
import { NewAppDialog } from "./new-app-dialog.tsx";

/** Every app that the person can open: their own, and what others let them into. */
export function AppsPage() {
  const { t } = useTranslation("apps");
  const { owned, shared } = useSuspenseQuery(appsQuery).data;
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const make = (
    <Button component={Link} to={paths.newApp()} leftSection={<IconPlus size={16} aria-hidden />}>
      {t("new")}
    </Button>
  );
  const isEmpty = owned.length + shared.length === 0;
  return (
    <Page title={t("title")} intro={t("intro")} action={isEmpty ? null : make} guide="apps">
      {isEmpty && (
        <Card>
          <EmptyState title={t("emptyTitle")} action={make}>
            {t("emptyText")}
          </EmptyState>
        </Card>
      )}
      <AppSection title={t("owned")} apps={owned} />
      <AppSection title={t("shared")} apps={shared} />
      <NewAppDialog
        isOpen={pathname === paths.newApp()}
        onClose={() => void navigate(paths.apps(), { replace: true })}
      />
    </Page>
  );
}

function AppSection({ title, apps }: { title: string; apps: readonly AppSummary[] }) {
  if (apps.length === 0) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{title}</Title>
      <RowList label={title}>
        {apps.map((app) => (
          <AppRow key={app.id} app={app} />
        ))}
      </RowList>
    </Stack>
  );
}

function AppRow({ app }: { app: AppSummary }) {
  const { t } = useTranslation("apps");
  const roleName = useRoleName();
  return (
    <Row
      actions={
        <Group gap="xs">
          {app.expiresAt !== null && <EndText expiresAt={app.expiresAt} />}
          <Badge>{roleName(app.role)}</Badge>
        </Group>
      }
    >
      <Anchor component={Link} to={paths.app(app.id)} fw={600}>
        {app.name}
      </Anchor>
      <Text size="sm" c="dimmed">
        {app.organisation.name} · {t("since")} <Timestamp at={app.createdAt} as="date" />
      </Text>
    </Row>
  );
}
