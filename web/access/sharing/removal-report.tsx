import { Button, Group, List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Card } from "../../ui/card.tsx";
import { Page } from "../../ui/page.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { ReceiptButton } from "../receipts/receipt-button.tsx";
import type { RemovalDone } from "./access-api.ts";

/** What a removal came to, as the server did it: not what the preview promised. */
export function RemovalReport({
  name: who,
  place: { organisationId, organisationName: organisation },
  done,
}: {
  name: string;
  place: { organisationId: string; organisationName: string };
  done: RemovalDone;
}) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  const { membership, grants, invitationsToThem, invitationsByThem, revokedKeys } = done;
  const invitations = [...invitationsToThem, ...invitationsByThem];
  return (
    <Page title={t("removedTitle", { who })} guide="sharing">
      <Card title={t("whatHappened")} intro={t("removedIntro", { who, organisation })}>
        <List spacing={4} role="status">
          {membership !== null && (
            <List.Item>{t("endedMembership", { role: roleName(membership) })}</List.Item>
          )}
          {grants.map(({ id, app, role }) => (
            <List.Item key={id}>
              {t("endedGrant", { app: app.name, role: roleName(role) })}
            </List.Item>
          ))}
          {invitations.map(({ id, email }) => (
            <List.Item key={id}>{t("endedInvitation", { email })}</List.Item>
          ))}
          {revokedKeys.map(({ id, name, app }) => (
            <List.Item key={id}>{t("endedKey", { name, app: app.name })}</List.Item>
          ))}
          <List.Item>{t("removedMailed", { who })}</List.Item>
        </List>
        <Text c="dimmed">{t("removedRecorded")}</Text>
        <Text>{t("receiptExplained", { who })}</Text>
        <ReceiptButton receipt={{ organisationId, removalId: done.removalId }} who={who} />
        <Group>
          <Button component={Link} to={paths.shared()} variant="default">
            {t("backToShared")}
          </Button>
          <Button component={Link} to={paths.actionLog()} variant="default">
            {t("toActionLog")}
          </Button>
        </Group>
      </Card>
    </Page>
  );
}
