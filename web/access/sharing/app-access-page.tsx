import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useApp, type OneApp } from "../apps/app-api.ts";
import { AppPage } from "../apps/app-frame.tsx";
import { grantsQuery, invitationsQuery, type Grant } from "./access-api.ts";
import { GrantDialogs, useGrantDialogs } from "./grant-dialogs.tsx";
import { GrantLine } from "./grant-line.tsx";
import { InvitationList } from "./invitation-list.tsx";

/** Who has access to one app, in what role, until when; and who is invited to it. */
export function AppAccessPage() {
  const { t } = useTranslation("sharing");
  const app = useApp();
  const mayShare = app.permissions.includes("app:share");
  return (
    <AppPage
      title={t("appAccessTitle", { app: app.name })}
      intro={t("appAccessIntro")}
      guide="sharing"
      action={
        mayShare && (
          <Button
            component={Link}
            to={paths.invite({ appId: app.id })}
            leftSection={<IconUserPlus size={18} aria-hidden />}
          >
            {t("inviteSomebody")}
          </Button>
        )
      }
    >
      <AppAccess app={app} />
      {mayShare && <AppInvitations appId={app.id} />}
    </AppPage>
  );
}

/** Grants of people, and the sentence on those who need none. */
function AppAccess({ app }: { app: OneApp }) {
  const { t } = useTranslation("sharing");
  const { grants } = useSuspenseQuery(grantsQuery(app.id)).data;
  const { id: own } = useOwnAccount();
  const dialogs = useGrantDialogs();
  const people = grants.filter(({ account }) => account.kind === "person");
  const services = grants.length - people.length;
  const seesAll = ["app:share", "app:audit"].some((key) => app.permissions.includes(key));
  const isMember = app.role === "owner" || app.role === "officer";
  const endables = people.map((grant) => endableOf(grant, app));
  return (
    <Card title={t("tabs.people")} intro={seesAll ? undefined : t("onlyYourOwn")}>
      {people.length === 0 ? (
        <EmptyState title={t("nobodyHere")}>{t("nobodyHereExplained")}</EmptyState>
      ) : (
        <Stack component="ul" gap="sm" m={0} p={0} aria-label={t("peopleOf", { app: app.name })}>
          {people.map((grant) => (
            <PersonLine key={grant.id} grant={grant} app={app} own={own} dialogs={dialogs} />
          ))}
        </Stack>
      )}
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {t("ownersToo", { organisation: app.organisation.name })}{" "}
          {isMember && (
            <Anchor component={Link} to={paths.organisation(app.organisation.id)} size="sm">
              {t("whoTheyAre")}
            </Anchor>
          )}
        </Text>
        {services > 0 && (
          <Anchor component={Link} to={paths.serviceAccounts(app.id)} size="sm">
            {t("serviceAccountsToo", { count: services })}
          </Anchor>
        )}
        <Anchor component={Link} to={paths.appRoles(app.id)} size="sm">
          {t("whatRolesMay")}
        </Anchor>
      </Group>
      <GrantDialogs grants={endables} dialogs={dialogs} />
    </Card>
  );
}

function endableOf({ id, account, role, expiresAt }: Grant, { id: appId, name }: OneApp) {
  return { grantId: id, app: { id: appId, name }, who: account.displayName, role, expiresAt };
}

function PersonLine({
  grant,
  app,
  own,
  dialogs,
}: {
  grant: Grant;
  app: OneApp;
  own: string;
  dialogs: ReturnType<typeof useGrantDialogs>;
}) {
  const { t } = useTranslation("sharing");
  const { account } = grant;
  const isMe = account.id === own;
  const mayShare = app.permissions.includes("app:share");
  return (
    <GrantLine
      grant={endableOf(grant, app)}
      title={isMe ? t("nameYou", { who: account.displayName }) : account.displayName}
      titleTo={app.role === "owner" ? paths.person(app.organisation.id, account.id) : undefined}
      subtitle={account.email ?? undefined}
      onEnd={mayShare && !isMe ? dialogs.onEnd : undefined}
      onRevoke={mayShare && !isMe ? dialogs.onRevoke : undefined}
    />
  );
}

function AppInvitations({ appId }: { appId: string }) {
  const { t } = useTranslation("sharing");
  const { invitations } = useSuspenseQuery(invitationsQuery).data;
  const here = invitations.filter(({ apps }) => apps.some(({ app }) => app.id === appId));
  return (
    <Card title={t("tabs.pending")} intro={here.length === 0 ? t("nonePendingHere") : undefined}>
      {here.length > 0 && <InvitationList invitations={here} label={t("tabs.pending")} />}
      {here.some(({ apps }) => apps.length > 1) && (
        <Text size="sm" c="dimmed">
          {t("wholeInvitation")}
        </Text>
      )}
    </Card>
  );
}
