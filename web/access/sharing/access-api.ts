import {
  queryOptions,
  useMutation,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import type { Static } from "typebox";
import type { App } from "../../../src/contract/access/apps.ts";
import type { RoleList } from "../../../src/contract/access/roles.ts";
import type { Grant, GrantChange, Invitation } from "../../../src/contract/access/sharing.ts";
import type { NewInvitation } from "../../../src/contract/access/sharing.ts";
import type {
  RemovalDone,
  RemovalPreview,
  SharedPerson,
  SharedWithMe,
} from "../../../src/contract/access/sharing-people-views.ts";
import { request } from "../../api/client.ts";

export type SharedApp = SharedPerson["grants"][number];
export type RoleBook = Static<typeof RoleList>;
export type { App, Grant, Invitation, RemovalDone, RemovalPreview, SharedPerson };

/** Everything about who may reach what; each change of it makes all of it stale. */
export const ACCESS = "access";

export const sharedByUsQuery = queryOptions({
  queryKey: [ACCESS, "shared-by-us"],
  queryFn: ({ signal }) => request<{ people: SharedPerson[] }>("GET", "/shared-by-us", { signal }),
});

export const sharedWithMeQuery = queryOptions({
  queryKey: [ACCESS, "shared-with-me"],
  queryFn: ({ signal }) =>
    request<Static<typeof SharedWithMe>>("GET", "/shared-with-me", { signal }),
});

export const grantsQuery = (appId: string) =>
  queryOptions({
    queryKey: [ACCESS, "grants", appId],
    queryFn: ({ signal }) =>
      request<{ grants: Grant[] }>("GET", `/apps/${appId}/grants`, { signal }),
  });

export const rolesQuery = (appId: string) =>
  queryOptions({
    queryKey: [ACCESS, "roles", appId],
    queryFn: ({ signal }) => request<RoleBook>("GET", `/apps/${appId}/roles`, { signal }),
  });

export const invitationsQuery = queryOptions({
  queryKey: [ACCESS, "invitations"],
  queryFn: ({ signal }) =>
    request<{ invitations: Invitation[] }>("GET", "/invitations", { signal }),
});

export const removalQuery = (organisationId: string, accountId: string) =>
  queryOptions({
    queryKey: [ACCESS, "removal", organisationId, accountId],
    queryFn: ({ signal }) =>
      request<RemovalPreview>(
        "GET",
        `/organisations/${organisationId}/people/${accountId}/access`,
        { signal },
      ),
  });

/** A change of somebody's access; whatever shows access is asked for again afterwards. */
export function useAccessChange<Variables, Reply = void>(
  change: (variables: Variables) => Promise<Reply>,
): UseMutationResult<Reply, Error, Variables> {
  const queryClient = useQueryClient();
  return useMutation<Reply, Error, Variables>({
    mutationFn: change,
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: [ACCESS] });
      void queryClient.invalidateQueries({ queryKey: ["apps"] });
    },
  });
}

type GrantName = { appId: string; grantId: string };

export const changeGrant = async ({
  appId,
  grantId,
  ...body
}: GrantName & GrantChange): Promise<Grant> =>
  await request<Grant>("PATCH", `/apps/${appId}/grants/${grantId}`, { body });

export const revokeGrant = async ({ appId, grantId }: GrantName): Promise<void> =>
  await request("DELETE", `/apps/${appId}/grants/${grantId}`);

/** Ends one's own access: the grant is looked up, because lists of one's apps do not name it. */
export async function leaveApp(given: { appId: string; accountId: string }): Promise<void> {
  const { appId, accountId } = given;
  const { grants } = await request<{ grants: Grant[] }>("GET", `/apps/${appId}/grants`);
  const own = grants.find(({ account }) => account.id === accountId);
  if (own !== undefined) await revokeGrant({ appId, grantId: own.id });
}

export const sendInvitation = async (body: NewInvitation): Promise<{ id: string }> =>
  await request<{ id: string }>("POST", "/invitations", { body, isCreation: true });

export const resendInvitation = async (id: string): Promise<void> =>
  await request("POST", `/invitations/${id}/resend`);

export const cancelInvitation = async (id: string): Promise<void> =>
  await request("DELETE", `/invitations/${id}`);

export const removeFromEverything = async (given: {
  organisationId: string;
  accountId: string;
  revokeKeys: boolean;
}): Promise<RemovalDone> =>
  await request<RemovalDone>(
    "POST",
    `/organisations/${given.organisationId}/people/${given.accountId}/remove`,
    { body: { revokeKeys: given.revokeKeys } },
  );
