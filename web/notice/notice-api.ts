import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Channel } from "../../src/contract/notice/classes.ts";
import type { Inbox, UnreadReply } from "../../src/contract/notice/inbox.ts";
import type {
  NoticePreferences,
  NoticePreferencesChange,
  Unsubscribed,
} from "../../src/contract/notice/preferences.ts";
import { request } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";

/** How many are unread; the bell's stream keeps it. */
export const UNREAD_KEY = ["inbox-unread"] as const;
const INBOX_KEY = ["inbox"] as const;

/** A page of the inbox after the other, in the panel's language. */
export const inboxQuery = (asked: { isArchived: boolean; language: string }) =>
  infiniteQueryOptions({
    queryKey: [...INBOX_KEY, asked],
    queryFn: async ({ signal, pageParam }) => {
      const query = new URLSearchParams({
        archived: String(asked.isArchived),
        language: asked.language,
        ...(pageParam !== null && { cursor: pageParam }),
      });
      return await request<Inbox>("GET", `/inbox?${query}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const readInboxAnew = async (): Promise<void> =>
  await queryClient.invalidateQueries({ queryKey: INBOX_KEY });

async function mark(path: string, body: object): Promise<void> {
  const { unread } = await request<UnreadReply>("POST", path, { body });
  queryClient.setQueryData(UNREAD_KEY, unread);
  await readInboxAnew();
}

export const markSeen = (ids: readonly string[]): Promise<void> => mark("/inbox/seen", { ids });

export const markArchived = (id: string, archived: boolean): Promise<void> =>
  mark("/inbox/archived", { ids: [id], archived });

export const preferencesQuery = queryOptions({
  queryKey: ["notice-preferences"],
  queryFn: ({ signal }) => request<NoticePreferences>("GET", "/notice-preferences", { signal }),
});

export async function changePreferences(body: NoticePreferencesChange): Promise<void> {
  const preferences = await request<NoticePreferences>("PUT", "/notice-preferences", { body });
  queryClient.setQueryData(preferencesQuery.queryKey, preferences);
}

export const testChannel = (channel: Channel): Promise<void> =>
  request("POST", "/notice-preferences/test", { body: { channel } });

/** For whoever holds the mail, signed in or not. */
export const unsubscribe = (token: string): Promise<Unsubscribed> =>
  request<Unsubscribed>("POST", `/unsubscribe?${new URLSearchParams({ token })}`, {
    body: {},
    isAlone: true,
  });
