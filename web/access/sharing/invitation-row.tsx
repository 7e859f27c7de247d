import { Badge, Button, Group, List, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row } from "../../ui/list.tsx";
import { Timestamp } from "../../ui/timestamp.tsx";
import { useRoleName } from "../roles/role-texts.ts";
import { EndText } from "./end-text.tsx";

/** An invitation as any of the lists knows it. */
export type Waiting = {
  id: string;
  email: string;
  status: "sent" | "wrong-account" | "expired";
  sentAt: string;
  endsAt: string;
  apps: readonly { app: { id: string; name: string }; role: string; expiresAt?: string | null }[];
  organisation: { name: string; role: string } | null;
  inviter?: { displayName: string };
};

const states = {
  sent: { text: "waiting", color: "blue" },
  "wrong-account": { text: "wrongAccount", color: "orange" },
  expired: { text: "expired", color: "gray" },
} as const;

/** An invitation that was not accepted yet: how it stands, what it would give, and what can be done. */
export function InvitationRow({
  invitation,
  onResend,
  onCancel,
}: {
  invitation: Waiting;
  onResend: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation("sharing");
  const { email, status, sentAt, endsAt, inviter } = invitation;
  return (
    <Row
      actions={
        <>
          <Button variant="default" size="xs" onClick={onResend}>
            {t("resend")}
            <VisuallyHidden> {t("toWhom", { email })}</VisuallyHidden>
          </Button>
          <Button variant="subtle" color="red" size="xs" onClick={onCancel}>
            {t("cancelInvitation")}
            <VisuallyHidden> {t("toWhom", { email })}</VisuallyHidden>
          </Button>
        </>
      }
    >
      <Group gap="xs">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {email}
        </Text>
        <Badge color={states[status].color}>{t(`states.${states[status].text}`)}</Badge>
      </Group>
      <Offered invitation={invitation} />
      <Text size="sm" c="dimmed">
        {inviter === undefined ? t("sent") : t("sentBy", { who: inviter.displayName })}{" "}
        <Timestamp at={sentAt} as="ago" /> · {status === "expired" ? t("linkEnded") : t("linkEnds")}{" "}
        <Timestamp at={endsAt} as="ago" />
      </Text>
      {status === "wrong-account" && <Text size="sm">{t("wrongAccountExplained", { email })}</Text>}
    </Row>
  );
}

function Offered({ invitation: { apps, organisation } }: { invitation: Waiting }) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  return (
    <List size="sm" spacing={2}>
      {organisation !== null && (
        <List.Item>
          {t("offered", { what: organisation.name, role: roleName(organisation.role) })}
        </List.Item>
      )}
      {apps.map(({ app, role, expiresAt }) => (
        <List.Item key={app.id}>
          {t("offered", { what: app.name, role: roleName(role) })}
          {expiresAt !== undefined && expiresAt !== null && (
            <>
              {", "}
              <EndText expiresAt={expiresAt} />
            </>
          )}
        </List.Item>
      ))}
    </List>
  );
}
