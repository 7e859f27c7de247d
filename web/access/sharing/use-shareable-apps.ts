import { useSuspenseQueries, useSuspenseQuery } from "@tanstack/react-query";
import { appQuery, appsQuery } from "../apps/app-api.ts";
import { type App } from "./access-api.ts";

/** Apps that the viewer may invite people to: their own, and those where a role lets them share. */
export function useShareableApps(): { owned: App[]; asGuest: App[] } {
  const { owned, shared } = useSuspenseQuery(appsQuery).data;
  // An officer watches; a grant may allow more, which the app itself says.
  const candidates = shared.filter(({ role }) => role !== "officer");
  const details = useSuspenseQueries({ queries: candidates.map(({ id }) => appQuery(id)) });
  const sharing = new Set(
    details.filter(({ data }) => data.permissions.includes("app:share")).map(({ data }) => data.id),
  );
  return { owned, asGuest: candidates.filter(({ id }) => sharing.has(id)) };
}
