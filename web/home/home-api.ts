import { queryOptions } from "@tanstack/react-query";
import type { Home } from "../../src/contract/access/home.ts";
import type { EntryList } from "../../src/contract/record/entries.ts";
import { request } from "../api/client.ts";

export type { Home } from "../../src/contract/access/home.ts";

export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: ({ signal }) => request<Home>("GET", "/home", { signal }),
  // What one has just done elsewhere is ticked when one comes back.
  staleTime: 0,
});

const SHOWN = 5;
/** An operator's looks are important, but change nothing; half a sign-in and "Confirm it's you" are steps to something. */
const isNews = (action: string): boolean =>
  !/[.-](?:read|listed|exported)$/.test(action) &&
  action !== "session.signed-in" &&
  action !== "session.stepped-up";

/** What changed lately; looks at the log and refused reads are no news here. */
export const latestChangesQuery = queryOptions({
  queryKey: ["home", "changes"],
  queryFn: async ({ signal }) => {
    const asked = "/audit/entries?class=important&outcome=done&limit=30";
    const { entries } = await request<EntryList>("GET", asked, { signal });
    return { entries: entries.filter(({ action }) => isNews(action)).slice(0, SHOWN) };
  },
  staleTime: 0,
});
