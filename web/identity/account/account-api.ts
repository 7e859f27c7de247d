import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Organisation } from "../../../src/contract/access/organisations.ts";
import type { AccountChange, Person } from "../../../src/contract/identity/accounts.ts";
import { request } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";

export type Account = Person;

/** Who is signed in: from now on this is that person's page. */
export async function readOwnAccount(signal: AbortSignal): Promise<Person> {
  const account = await request<Person>("GET", "/account", { signal });
  pageAccount.become(account.id);
  return account;
}

export const ownAccountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => readOwnAccount(signal),
  staleTime: 60_000,
});

export const useOwnAccount = (): Person => useSuspenseQuery(ownAccountQuery).data;

/** Organisations the person belongs to, with what they are there. */
export const membershipsQuery = queryOptions({
  queryKey: ["organisations", "own"],
  queryFn: async ({ signal }) =>
    (await request<{ organisations: Organisation[] }>("GET", "/organisations", { signal }))
      .organisations,
});

export async function changeAccount(change: AccountChange): Promise<Person> {
  const account = await request<Person>("PATCH", "/account", { body: change });
  queryClient.setQueryData(ownAccountQuery.queryKey, account);
  return account;
}
