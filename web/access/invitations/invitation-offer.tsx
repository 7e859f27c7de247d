import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isMore } from "../../identity/passwords/new-password-field.tsx";
import { RuleList } from "../../identity/passwords/own-policy-card.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { useRoleName, useRolePurpose } from "../roles/role-texts.ts";
import { EndText, fullMoment } from "../sharing/end-text.tsx";
import type { Preview } from "./accept-api.ts";

const asksSomething = (policy: Preview["passwordPolicy"]): boolean =>
  isMore(policy) || policy.maxAgeDays !== null;

/** Who invites, to what, in which role, until when. */
export function InvitationOffer({ preview }: { preview: Preview }) {
  const { t, i18n } = useTranslation("mailLinks");
  const roleName = useRoleName();
  const purpose = useRolePurpose();
  const { invitedBy, apps, organisation, email, endsAt, passwordPolicy } = preview;
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
      {asksSomething(passwordPolicy) && (
        <Stack gap="xs">
          <Text fw={600}>{t("offeredPolicy")}</Text>
          <Text size="sm" c="dimmed">
            {t("offeredPolicyIntro")}
          </Text>
          <RuleList policy={passwordPolicy} />
        </Stack>
      )}
      <Text size="sm" c="dimmed">
        {t("linkUntil", { when: fullMoment(endsAt, i18n.language) })}
      </Text>
    </Stack>
  );
}
