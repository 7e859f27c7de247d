import { Badge, Button, List, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import { organisationsQuery } from "../organisations/organisation-api.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { removalQuery, type RemovalDone, type RemovalPreview } from "./access-api.ts";
import type { Endable } from "./end-dialog.tsx";
import { GrantDialogs, useGrantDialogs } from "./grant-dialogs.tsx";
import { GrantLine } from "./grant-line.tsx";
import { InvitationList } from "./invitation-list.tsx";
import { PersonKeys } from "./person-keys.tsx";
import { RemovalReport } from "./removal-report.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";

/** Everything that ties a person to an organisation, and the one act that ends all of it. */
export function PersonPage() {
  const { organisationId = "", accountId = "" } = useParams();
  const { organisations } = useSuspenseQuery(organisationsQuery).data;
  const organisation = organisations.find(({ id }) => id === organisationId);
  const place = { organisationId, organisationName: organisation?.name ?? "" };
  const [done, setDone] = useState<{ name: string; what: RemovalDone } | null>(null);
  return done === null ? (
    <PersonView place={place} accountId={accountId} onDone={setDone} />
  ) : (
    <RemovalReport name={done.name} place={place} done={done.what} />
  );
}

type Place = { organisationId: string; organisationName: string };

type ViewProps = {
  place: Place;
  accountId: string;
  onDone: (done: { name: string; what: RemovalDone }) => void;
};

function PersonView({ place, accountId, onDone }: ViewProps) {
  const { t } = useTranslation("sharing");
  const preview = useSuspenseQuery(removalQuery(place.organisationId, accountId)).data;
  const [dialog, setDialog] = useQueryValue("remove");
  const isMe = useOwnAccount().id === accountId;
  const { account, keys } = preview;
  const names = { who: account.displayName, organisation: place.organisationName };
  return (
    <Page title={account.displayName} intro={account.email} guide="sharing">
      <AccessCard preview={preview} place={place} isMe={isMe} />
      <Invitations preview={preview} />
      {keys.length > 0 && <PersonKeys keys={keys} who={account.displayName} />}
      <SessionsCard preview={preview} />
      {!isMe && (
        <Card
          tone="danger"
          title={t("removeTitle")}
          intro={t("removeIntro", names)}
          action={
            <Button variant="light" color="red" onClick={() => setDialog("everything")}>
              {t("removeEverything")}
            </Button>
          }
        />
      )}
      <RemoveDialog
        isOpen={dialog !== null && !isMe}
        preview={preview}
        place={place}
        onClose={() => setDialog(null)}
        onDone={(what) => onDone({ name: account.displayName, what })}
      />
    </Page>
  );
}

function AccessCard({
  preview: { account, membership, grants },
  place,
  isMe,
}: {
  preview: RemovalPreview;
  place: Place;
  isMe: boolean;
}) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  const dialogs = useGrantDialogs();
  const who = account.displayName;
  const lines: Endable[] = grants.map(({ id, ...grant }) => ({ ...grant, grantId: id, who }));
  return (
    <Card title={t("accessOf", { who, organisation: place.organisationName })}>
      {membership !== null && (
        <Stack gap="xs" align="flex-start">
          <Badge color={membership === "owner" ? "brand" : "gray"}>{roleName(membership)}</Badge>
          <Text size="sm">{t(membership === "owner" ? "isOwner" : "isOfficer", { who })}</Text>
          <Button
            component={Link}
            to={paths.organisation(place.organisationId)}
            variant="default"
            size="xs"
          >
            {t("changeMembership")}
          </Button>
        </Stack>
      )}
      {lines.length === 0 ? (
        <Text c="dimmed">{t("noAppsByRole")}</Text>
      ) : (
        <Stack component="ul" gap="xs" m={0} p={0} aria-label={t("appsOf", { who })}>
          {lines.map((grant) => (
            <GrantLine
              key={grant.grantId}
              grant={grant}
              title={grant.app.name}
              titleTo={paths.appAccess(grant.app.id)}
              {...(!isMe && { onEnd: dialogs.onEnd, onRevoke: dialogs.onRevoke })}
            />
          ))}
        </Stack>
      )}
      <GrantDialogs grants={lines} dialogs={dialogs} />
    </Card>
  );
}

function Invitations({
  preview: { account, invitationsToThem, invitationsByThem },
}: {
  preview: RemovalPreview;
}) {
  const { t } = useTranslation("sharing");
  const who = account.displayName;
  const lists = [
    { title: t("invitationsTo", { who }), invitations: invitationsToThem },
    { title: t("invitationsBy", { who }), invitations: invitationsByThem },
  ];
  return lists.map(
    ({ title, invitations }) =>
      invitations.length > 0 && (
        <Card key={title} title={title}>
          <InvitationList invitations={invitations} label={title} />
        </Card>
      ),
  );
}

function SessionsCard({ preview: { account, sessions } }: { preview: RemovalPreview }) {
  const { t } = useTranslation("sharing");
  const who = account.displayName;
  return (
    <Card title={t("sessionsOf", { who })} intro={t("sessionsExplained")}>
      {sessions.length === 0 ? (
        <Text c="dimmed">{t("noSessions")}</Text>
      ) : (
        <List>
          {sessions.map(({ id, device, lastSeenAt }) => (
            <List.Item key={id}>
              {device}{" "}
              <Text span size="sm" c="dimmed">
                {t("lastUsed")} <Timestamp at={lastSeenAt} as="ago" />
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Card>
  );
}
