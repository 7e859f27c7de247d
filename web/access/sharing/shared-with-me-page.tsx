import { Anchor, Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { leaveApp, sharedWithMeQuery, useAccessChange, type App } from "./access-api.ts";
import { EndText } from "./end-text.tsx";

/** What others share with the viewer, and the way out of it. */
export function SharedWithMePage() {
  const { t } = useTranslation("sharing");
  const { apps, organisations } = useSuspenseQuery(sharedWithMeQuery).data;
  const [leaving, setLeaving] = useQueryValue("leave");
  const roleName = useRoleName();
  return (
    <Page title={t("withMeTitle")} intro={t("withMeIntro")} guide="sharing">
      {apps.length === 0 ? (
        <EmptyState title={t("nothingWithMe")}>{t("nothingWithMeExplained")}</EmptyState>
      ) : (
        <RowList label={t("withMeTitle")}>
          {apps.map((app) => (
            <SharedAppRow key={app.id} app={app} onLeave={() => setLeaving(app.id)} />
          ))}
        </RowList>
      )}
      <Card title={t("yourOrganisations")} intro={t("yourOrganisationsIntro")}>
        <RowList label={t("yourOrganisations")}>
          {organisations.map(({ id, name, role }) => (
            <Row key={id}>
              <Group gap="xs">
                <Anchor component={Link} to={paths.organisation(id)} fw={600}>
                  {name}
                </Anchor>
                <Text size="sm" c="dimmed">
                  {roleName(role)}
                </Text>
              </Group>
            </Row>
          ))}
        </RowList>
      </Card>
      <LeaveDialog
        app={apps.find(({ id }) => id === leaving) ?? null}
        onClose={() => setLeaving(null)}
      />
    </Page>
  );
}

function SharedAppRow({ app, onLeave }: { app: App; onLeave: () => void }) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  return (
    <Row
      actions={
        <Button variant="default" size="xs" onClick={onLeave}>
          {t("leave")}
          <VisuallyHidden> {app.name}</VisuallyHidden>
        </Button>
      }
    >
      <Anchor component={Link} to={paths.app(app.id)} fw={600}>
        {app.name}
      </Anchor>
      <Group gap="xs">
        <Text size="sm">
          {t("sharedBy", { organisation: app.organisation.name, role: roleName(app.role) })}
        </Text>
        <EndText expiresAt={app.expiresAt} />
      </Group>
    </Row>
  );
}

function LeaveDialog({ app, onClose }: { app: App | null; onClose: () => void }) {
  const { t } = useTranslation("sharing");
  const { id: accountId } = useOwnAccount();
  const leave = useAccessChange(leaveApp);
  const names = { app: app?.name ?? "", organisation: app?.organisation.name ?? "" };
  const close = () => {
    leave.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={app !== null}
      title={t("leaveTitle", names)}
      confirmLabel={t("leave")}
      isPending={leave.isPending}
      error={leave.error}
      onClose={close}
      onConfirm={() => {
        if (app === null) return;
        leave.mutate(
          { appId: app.id, accountId },
          {
            onSuccess: () => {
              notifications.show({ message: t("left", names) });
              close();
            },
          },
        );
      }}
    >
      <Text>{t("leaveExplained", names)}</Text>
    </ConfirmDialog>
  );
}
