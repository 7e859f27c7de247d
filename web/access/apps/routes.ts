import type { RouteObject } from "react-router";
import { lazyPage } from "../../shell/lazy-page.ts";

/** Apps, what hangs on them, and the overview of their IP whitelists. */
export const appRoutes: readonly RouteObject[] = [
  // One route for both: the dialog opens over the list and nothing is drawn anew.
  { path: "apps/new?", lazy: lazyPage(() => import("./apps-page.tsx"), "AppsPage") },
  { path: "apps/:appId", lazy: lazyPage(() => import("./overview-page.tsx"), "OverviewPage") },
  {
    path: "apps/:appId/settings",
    lazy: lazyPage(() => import("./settings-page.tsx"), "SettingsPage"),
  },
  {
    path: "apps/:appId/service-accounts",
    lazy: lazyPage(
      () => import("../service-accounts/service-accounts-page.tsx"),
      "ServiceAccountsPage",
    ),
  },
  {
    path: "apps/:appId/service-accounts/:serviceAccountId",
    lazy: lazyPage(
      () => import("../service-accounts/service-account-page.tsx"),
      "ServiceAccountPage",
    ),
  },
  {
    path: "apps/:appId/keys/:keyId",
    lazy: lazyPage(() => import("../api-keys/key-page.tsx"), "KeyPage"),
  },
  {
    path: "apps/:appId/ip-whitelist",
    lazy: lazyPage(() => import("../address-rules/app-whitelist-page.tsx"), "AppWhitelistPage"),
  },
  {
    path: "account/sign-in-addresses",
    lazy: lazyPage(() => import("../session-rules/session-rules-page.tsx"), "SessionRulesPage"),
  },
  {
    path: "account/ip-whitelist",
    lazy: lazyPage(() => import("../address-rules/whitelists-page.tsx"), "WhitelistsPage"),
  },
];
