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

/** Looked through for changes; between two of them stand the sign-ins of weeks. */
const LOOKED_THROUGH = 100;

/** The newest entries that may be news. */
export const latestEntriesQuery = queryOptions({
  queryKey: ["home", "changes"],
  queryFn: async ({ signal }) => {
    const asked = `/audit/entries?class=important&outcome=done&limit=${LOOKED_THROUGH}`;
    return (await request<EntryList>("GET", asked, { signal })).entries;
  },
  staleTime: 0,
});
