import { Anchor, Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOwnAccount } from "../../identity/account/account-api.ts";
import { paths } from "../../paths.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Row, RowList } from "../../ui/list.tsx";
import { useQueryValue } from "../../ui/use-query-value.ts";
import type { Organisation } from "../organisations/organisation-api.ts";
import { useRoleName } from "../roles/role-texts.ts";
import { appsQuery } from "../apps/app-api.ts";
import { sharedByUsQuery, type SharedPerson } from "./access-api.ts";
import type { Endable } from "./end-dialog.tsx";
import { GrantDialogs, useGrantDialogs } from "./grant-dialogs.tsx";
import { GrantLine } from "./grant-line.tsx";
import { appsOf, findPeople, peopleOf } from "./people-of.ts";

/** Rows that are drawn at first: a search finds the others. */
const PAGE = 50;
const TYPING_PAUSE_MS = 300;

/** Everybody with access, each with every app, role and end. */
export function PeopleTab({ organisation }: { organisation: Organisation | undefined }) {
  const { t } = useTranslation("sharing");
  const { people } = useSuspenseQuery(sharedByUsQuery).data;
  const apps = useSuspenseQuery(appsQuery).data;
  const { id: own } = useOwnAccount();
  const search = useSearch();
  const [limit, setLimit] = useState(PAGE);
  const dialogs = useGrantDialogs();
  if (organisation === undefined)
    return <EmptyState title={t("noOrganisation")}>{t("noOrganisationExplained")}</EmptyState>;
  const appIds = new Set(appsOf(apps, organisation.id).map(({ id }) => id));
  const everybody = peopleOf(people, { organisationId: organisation.id, appIds });
  const found = findPeople(everybody, search.wanted);
  const isAlone = everybody.every(({ account }) => account?.id === own);
  return (
    <Stack>
      {isAlone ? (
        <EmptyState
          title={t("nobodyYet")}
          action={
            <Button component={Link} to={paths.invite()} variant="default">
              {t("inviteSomebody")}
            </Button>
          }
        >
          {t("nobodyYetExplained")}
        </EmptyState>
      ) : (
        <SearchField search={search} />
      )}
      <Text size="sm" role="status" c="dimmed">
        {search.wanted !== "" && t("found", { count: found.length })}
      </Text>
      {found.length > 0 && (
        <RowList label={t("tabs.people")}>
          {found.slice(0, limit).map((person) => (
            <PersonRow
              key={person.account?.id ?? person.email}
              person={person}
              organisation={organisation}
              isMe={person.account?.id === own}
              dialogs={dialogs}
            />
          ))}
        </RowList>
      )}
      {found.length > limit && (
        <Button variant="default" onClick={() => setLimit(limit + PAGE)}>
          {t("showMore", { count: found.length - limit })}
        </Button>
      )}
      <GrantDialogs grants={found.flatMap(endablesOf)} dialogs={dialogs} />
    </Stack>
  );
}

/** What is typed shows at once, filters when there is time, and reaches the address when it rests. */
function useSearch() {
  const [inAddress, setInAddress] = useQueryValue("q", { isFilter: true });
  const [typed, setTyped] = useState(inAddress ?? "");
  const keep = useDebouncedCallback(setInAddress, TYPING_PAUSE_MS);
  const type = (text: string) => {
    setTyped(text);
    keep(text);
  };
  return { typed, type, wanted: useDeferredValue(typed) };
}

function SearchField({ search: { typed, type } }: { search: ReturnType<typeof useSearch> }) {
  const { t } = useTranslation("sharing");
  return (
    <TextInput
      type="search"
      label={t("search")}
      maw={380}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

function endablesOf({ account, email, grants }: SharedPerson): Endable[] {
  const who = account?.displayName ?? email;
  return grants.map(({ id, ...grant }) => ({ ...grant, grantId: id, who }));
}

type RowProps = {
  person: SharedPerson;
  organisation: Organisation;
  isMe: boolean;
  dialogs: ReturnType<typeof useGrantDialogs>;
};

function PersonRow({ person, organisation, isMe, dialogs }: RowProps) {
  const { t } = useTranslation("sharing");
  const { account, email, invitations } = person;
  const mayChange = organisation.role === "owner" && !isMe;
  const name = account?.displayName ?? email;
  const grants = endablesOf(person);
  return (
    <Row>
      <Group gap="xs">
        {account !== null && mayChange ? (
          <Anchor component={Link} to={paths.person(organisation.id, account.id)} fw={600}>
            {name}
          </Anchor>
        ) : (
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
        )}
        {isMe && <Badge>{t("you")}</Badge>}
        <MemberBadges person={person} />
      </Group>
      {account !== null && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {email}
        </Text>
      )}
      {grants.length > 0 && (
        <Stack component="ul" gap="xs" m={0} mt="xs" p={0} aria-label={t("appsOf", { who: name })}>
          {grants.map((grant) => (
            <GrantLine
              key={grant.grantId}
              grant={grant}
              title={grant.app.name}
              titleTo={paths.appAccess(grant.app.id)}
              {...(mayChange && { onEnd: dialogs.onEnd, onRevoke: dialogs.onRevoke })}
            />
          ))}
        </Stack>
      )}
      <InvitationsLink invitations={invitations} />
    </Row>
  );
}

function InvitationsLink({ invitations }: Pick<SharedPerson, "invitations">) {
  const { t } = useTranslation("sharing");
  const waiting = invitations.filter(({ status }) => status !== "expired").length;
  if (invitations.length === 0) return null;
  return (
    <Text size="sm">
      <Anchor component={Link} to={paths.shared({ tab: "pending" })} size="sm">
        {waiting > 0
          ? t("waitingInvitations", { count: waiting })
          : t("unansweredInvitations", { count: invitations.length })}
      </Anchor>
    </Text>
  );
}

function MemberBadges({ person: { account, memberships } }: { person: SharedPerson }) {
  const { t } = useTranslation("sharing");
  const roleName = useRoleName();
  if (account === null) return <Badge color="gray">{t("invited")}</Badge>;
  return memberships.map(({ organisation, role }) => (
    <Badge key={organisation.id} color={role === "owner" ? "brand" : "gray"}>
      {roleName(role)}
    </Badge>
  ));
}
