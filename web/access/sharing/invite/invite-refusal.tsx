import { Alert, Anchor, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ApiProblem } from "../../../api/client.ts";
import { paths } from "../../../paths.ts";
import { ErrorAlert } from "../../../ui/error-alert.tsx";
import { useRoleName } from "../../roles/role-texts.ts";
import { sharedByUsQuery } from "../access-api.ts";
import type { InvitedAppRow } from "./invite-form.ts";

type Props = { error: Error; email: string; rows: readonly InvitedAppRow[] };

/** A refused invitation. Who has access already is shown what they have, with the way to change it. */
export function InviteRefusal({ error, email, rows }: Props) {
  if (error instanceof ApiProblem && error.code === "already-shared")
    return <AlreadyShared error={error} email={email} rows={rows} />;
  return <ErrorAlert error={error} />;
}

function AlreadyShared({ error, email, rows }: Props) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  const people = useQuery(sharedByUsQuery).data?.people ?? [];
  const wanted = email.trim().toLowerCase();
  const person = people.find((each) => each.email.toLowerCase() === wanted);
  const chosen = new Set(rows.map(({ appId }) => appId));
  const held = person?.grants.filter(({ app }) => chosen.has(app.id)) ?? [];
  if (held.length === 0) return <ErrorAlert error={error} />;
  return (
    <Alert color="orange" role="alert" title={t("alreadyShared", { email: email.trim() })}>
      <Stack gap="xs">
        <List size="sm">
          {held.map(({ id, app, role }) => (
            <List.Item key={id}>
              {t("alreadyHas", { role: roleName(role) })}{" "}
              <Anchor component={Link} to={paths.appAccess(app.id)} size="sm">
                {app.name}
              </Anchor>
            </List.Item>
          ))}
        </List>
        <Text size="sm">{t("alreadySharedAnswer")}</Text>
      </Stack>
    </Alert>
  );
}
