import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "../../ui/list.tsx";
import { useRoleName, useRolePurpose } from "../roles/role-texts.ts";
import { EndText, fullMoment } from "../sharing/end-text.tsx";
import type { Preview } from "./accept-api.ts";

/** Who invites, to what, in which role, until when. */
export function InvitationOffer({ preview }: { preview: Preview }) {
  const { t, i18n } = useTranslation("mailLinks");
  const roleName = useRoleName();
  const purpose = useRolePurpose();
  const { invitedBy, apps, organisation, email, endsAt } = preview;
  return (
    <Stack gap="sm">
      <Text>{t("invitedBy", { who: invitedBy, email })}</Text>
      <RowList label={t("offered")}>
        {organisation !== null && (
          <Row>
            <Text fw={600}>{organisation.name}</Text>
            <Text size="sm">{roleName(organisation.role)}</Text>
            <Text size="sm" c="dimmed">
              {purpose({ name: organisation.role, description: "" })}
            </Text>
          </Row>
        )}
        {apps.map(({ app, role, expiresAt }) => (
          <Row key={app.id} actions={<EndText expiresAt={expiresAt} />}>
            <Text fw={600}>{app.name}</Text>
            <Text size="sm">{t("asRole", { role: roleName(role) })}</Text>
            <Text size="sm" c="dimmed">
              {purpose({ name: role, description: "" })}
            </Text>
          </Row>
        ))}
      </RowList>
      <Text size="sm" c="dimmed">
        {t("linkUntil", { when: fullMoment(endsAt, i18n.language) })}
      </Text>
    </Stack>
  );
}
