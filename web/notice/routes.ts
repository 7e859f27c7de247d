import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

/** What one is told, and which way. */
export const noticeRoutes: readonly RouteObject[] = [
  { path: "account/inbox", lazy: lazyPage(() => import("./inbox/inbox-page.tsx"), "InboxPage") },
  {
    path: "account/keep-informed",
    lazy: lazyPage(() => import("./preferences/keep-informed-page.tsx"), "KeepInformedPage"),
  },
];

/** For whoever holds the mail, signed in or not. */
export const unsubscribeRoutes: readonly RouteObject[] = [
  {
    path: "unsubscribe",
    lazy: lazyPage(() => import("./preferences/unsubscribe-page.tsx"), "UnsubscribePage"),
  },
];
