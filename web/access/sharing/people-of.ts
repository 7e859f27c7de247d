import type { App, SharedPerson } from "./access-api.ts";

type ReachableApps = { owned: readonly App[]; shared: readonly App[] };

/** Ids of the apps of one organisation, among those that the viewer sees. */
export function appsOf({ owned, shared }: ReachableApps, organisationId: string): App[] {
  return [...owned, ...shared].filter(({ organisation }) => organisation.id === organisationId);
}

/**
 * Everybody tied to one organisation, with only what ties them to it: its owners and officers, then people by
 * name, then who was only invited. The reply holds all organisations of the viewer; names of several must not
 * run together on one page.
 */
export function peopleOf(
  people: readonly SharedPerson[],
  { organisationId, appIds }: { organisationId: string; appIds: ReadonlySet<string> },
): SharedPerson[] {
  return people
    .map((person) => ({
      ...person,
      memberships: person.memberships.filter(
        ({ organisation }) => organisation.id === organisationId,
      ),
      grants: person.grants.filter(({ app }) => appIds.has(app.id)),
      invitations: person.invitations.filter(
        ({ apps, organisation }) =>
          organisation?.id === organisationId || apps.some(({ app }) => appIds.has(app.id)),
      ),
    }))
    .filter(
      ({ memberships, grants, invitations }) =>
        memberships.length + grants.length + invitations.length > 0,
    )
    .toSorted((a, b) => rankOf(a) - rankOf(b) || nameOf(a).localeCompare(nameOf(b)));
}

const nameOf = ({ account, email }: SharedPerson): string => account?.displayName ?? email;

function rankOf({ account, memberships }: SharedPerson): number {
  if (account === null) return 3;
  if (memberships.length === 0) return 2;
  return memberships.some(({ role }) => role === "owner") ? 0 : 1;
}

/** People whose name, address or app holds every word that was typed. */
export function findPeople(people: readonly SharedPerson[], typed: string): SharedPerson[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return people.filter(({ account, email, grants }) => {
    const text = [account?.displayName ?? "", email, ...grants.map(({ app }) => app.name)]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
