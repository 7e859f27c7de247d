import { Anchor, Badge, Button, Group, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import type { Organisation } from "../organisations/organisation-api.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { appsQuery } from "../apps/app-api.ts";
import { sharedByUsQuery, type App, type SharedApp, type SharedPerson } from "./access-api.ts";
import { EndText } from "./end-text.tsx";
import { appsOf } from "./people-of.ts";
import { useShareableApps } from "./use-shareable-apps.ts";

/** The same turned round: each app with everybody who has access to it. */
export function AppsTab({ organisation }: { organisation: Organisation | undefined }) {
  const { t } = useTranslation("sharing");
  const reachable = useSuspenseQuery(appsQuery).data;
  const { people } = useSuspenseQuery(sharedByUsQuery).data;
  const { asGuest } = useShareableApps();
  const apps = organisation === undefined ? [] : appsOf(reachable, organisation.id);
  const others = asGuest.filter((app) => app.organisation.id !== organisation?.id);
  return (
    <Stack>
      {apps.length === 0 && (
        <EmptyState
          title={t("noApps")}
          action={
            <Button component={Link} to={paths.newApp()} variant="default">
              {t("makeApp")}
            </Button>
          }
        >
          {t("noAppsExplained")}
        </EmptyState>
      )}
      {apps.length > 0 && (
        <RowList label={t("tabs.apps")}>
          {apps.map((app) => (
            <AppRow key={app.id} app={app} people={people} />
          ))}
        </RowList>
      )}
      {others.length > 0 && (
        <>
          <Title order={2}>{t("othersApps")}</Title>
          <Text c="dimmed">{t("othersAppsExplained")}</Text>
          <RowList label={t("othersApps")}>
            {others.map((app) => (
              <Row key={app.id} actions={<AccessLink app={app} />}>
                <Text fw={600}>{app.name}</Text>
                <Text size="sm" c="dimmed">
                  {app.organisation.name}
                </Text>
              </Row>
            ))}
          </RowList>
        </>
      )}
    </Stack>
  );
}

function AccessLink({ app: { id, name } }: { app: App }) {
  const { t } = useTranslation("sharing");
  return (
    <Button component={Link} to={paths.appAccess(id)} variant="default" size="xs">
      {t("openAccess")}
      <VisuallyHidden> {name}</VisuallyHidden>
    </Button>
  );
}

type Held = { person: SharedPerson; grant: SharedApp };

function AppRow({ app, people }: { app: App; people: readonly SharedPerson[] }) {
  const { t } = useTranslation("sharing");
  const holders: Held[] = people.flatMap((person) =>
    person.grants.filter((grant) => grant.app.id === app.id).map((grant) => ({ person, grant })),
  );
  return (
    <Row>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Anchor component={Link} to={paths.appAccess(app.id)} fw={600}>
            {app.name}
          </Anchor>
          <Badge color="gray">{t("people", { count: holders.length })}</Badge>
        </Group>
        <AccessLink app={app} />
      </Group>
      {holders.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("ownersOnly")}
        </Text>
      ) : (
        <Stack
          component="ul"
          gap={8}
          m={0}
          mt={4}
          p={0}
          aria-label={t("peopleOf", { app: app.name })}
        >
          {holders.map((held) => (
            <Holder key={held.grant.id} held={held} organisationId={app.organisation.id} />
          ))}
        </Stack>
      )}
    </Row>
  );
}

function Holder({
  held: { person, grant },
  organisationId,
}: {
  held: Held;
  organisationId: string;
}) {
  const roleName = useRoleName();
  const name = person.account?.displayName ?? person.email;
  return (
    <Group component="li" gap={2} className="grant-line">
      <Text size="sm" style={{ flex: "1 1 10rem", minWidth: 0, overflowWrap: "anywhere" }}>
        {person.account === null ? (
          name
        ) : (
          <Anchor component={Link} to={paths.person(organisationId, person.account.id)} size="sm">
            {name}
          </Anchor>
        )}
      </Text>
      <Group gap="xs" wrap="nowrap" justify="space-between" flex="0 1 17rem">
        <Text size="sm" flex={1} style={{ overflowWrap: "anywhere" }}>
          {roleName(grant.role)}
        </Text>
        <EndText expiresAt={grant.expiresAt} />
      </Group>
    </Group>
  );
}
