import { paths } from "../../paths.ts";
import type { OneApp } from "./app-api.ts";

export type AppTab = {
  text: "overview" | "access" | "roles" | "serviceAccounts" | "whitelist" | "settings";
  to: string;
  /** Pages below it that are part of the same tab. */
  below: readonly string[];
};

/** Any of these permissions opens the tab. */
const opens: Record<AppTab["text"], readonly string[]> = {
  overview: ["app:read"],
  access: ["app:share", "app:audit"],
  roles: ["app:read"],
  serviceAccounts: ["app:keys"],
  whitelist: ["app:addresses"],
  settings: ["app:write", "app:transfer", "app:delete", "app:audit"],
};

/** The pages of an app that have something for whoever has these permissions. */
export function tabsFor({ id, permissions }: Pick<OneApp, "id" | "permissions">): AppTab[] {
  const overview = paths.app(id);
  const all: readonly AppTab[] = [
    { text: "overview", to: overview, below: [] },
    { text: "access", to: paths.appAccess(id), below: [`${paths.appAccess(id)}/`] },
    { text: "roles", to: paths.appRoles(id), below: [`${paths.appRoles(id)}/`] },
    {
      text: "serviceAccounts",
      to: paths.serviceAccounts(id),
      below: [`${paths.serviceAccounts(id)}/`, `${overview}/keys/`],
    },
    { text: "whitelist", to: paths.appWhitelist(id), below: [] },
    { text: "settings", to: paths.appSettings(id), below: [] },
  ];
  return all.filter(({ text }) => opens[text].some((name) => permissions.includes(name)));
}
