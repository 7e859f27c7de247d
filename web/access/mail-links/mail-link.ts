import { queryOptions } from "@tanstack/react-query";
import type { Person } from "../../../src/contract/identity/accounts.ts";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { request } from "../../api/client.ts";
import { pageAccount } from "../../api/page-account.ts";
import { queryClient } from "../../api/query-client.ts";
import { readOwnAccount } from "../../identity/account/account-api.ts";
import { useLinkToken } from "../../identity/link-token.ts";
import { currentLevel } from "../../shell/require-session.ts";

/** What pages of mails' links ask for; it outlives the account that signs out on such a page. */
export const MAIL_LINK = "mail-link";

export type Visitor = {
  /** How far a sign-in has come; null for a stranger. */
  level: CurrentSession["session"]["level"] | null;
  account: Pick<Person, "id" | "email" | "displayName"> | null;
};

/** Who opened the link. A stranger may. */
export const visitorQuery = queryOptions({
  queryKey: [MAIL_LINK, "visitor"],
  queryFn: async ({ signal }): Promise<Visitor> => {
    const level = await currentLevel();
    if (level !== "full") return { level, account: null };
    return { level, account: await readOwnAccount(signal) };
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
});

/** After a sign-in or a sign-out in place: nothing of who was here before is kept. */
export async function forgetVisitor(): Promise<void> {
  pageAccount.forget();
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== MAIL_LINK });
  await queryClient.resetQueries({ queryKey: visitorQuery.queryKey });
}

export async function signOutHere(): Promise<void> {
  await request("POST", "/sign-out", { body: {}, isAlone: true });
  pageAccount.tellSignedOut();
  await forgetVisitor();
}

/** Links that were opened in this tab, by their page: who sets up a second factor first comes back to them. */
const held = new Map<string, string>();

/** The link's secret; also after a detour to another page of the panel. Kept in memory alone. */
export function useHeldToken(path: string): string | null {
  const token = useLinkToken(path);
  if (token !== null) held.set(path, token);
  return token ?? held.get(path) ?? null;
}

/** A link that was spent is not offered again. */
export const dropToken = (path: string): boolean => held.delete(path);

export const isSameAddress = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
