import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  Member,
  MemberList,
  NewMember,
  Organisation,
} from "../../../src/contract/access/organisations.ts";
import { request } from "../../api/client.ts";
import { ACCESS } from "../sharing/access-api.ts";

export type { Member, Organisation };
export type MembersAndInvited = Static<typeof MemberList>;

export const organisationsQuery = queryOptions({
  queryKey: [ACCESS, "organisations"],
  queryFn: ({ signal }) =>
    request<{ organisations: Organisation[] }>("GET", "/organisations", { signal }),
});

export const membersQuery = (organisationId: string) =>
  queryOptions({
    queryKey: [ACCESS, "members", organisationId],
    queryFn: ({ signal }) =>
      request<MembersAndInvited>("GET", `/organisations/${organisationId}/people`, { signal }),
  });

type Who = { organisationId: string; accountId: string };

export const renameOrganisation = async (given: {
  organisationId: string;
  name: string;
}): Promise<Organisation> =>
  await request<Organisation>("PATCH", `/organisations/${given.organisationId}`, {
    body: { name: given.name },
  });

export const inviteMember = async ({
  organisationId,
  ...body
}: NewMember & { organisationId: string }): Promise<void> => {
  await request<{ id: string }>("POST", `/organisations/${organisationId}/people`, {
    body,
    isCreation: true,
  });
};

export const changeMember = async ({
  organisationId,
  accountId,
  role,
}: Who & Pick<NewMember, "role">): Promise<Member> =>
  await request<Member>("PATCH", `/organisations/${organisationId}/people/${accountId}`, {
    body: { role },
  });

export const removeMember = async ({ organisationId, accountId }: Who): Promise<void> =>
  await request("DELETE", `/organisations/${organisationId}/people/${accountId}`);
