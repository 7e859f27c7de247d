import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";
import { appRoutes } from "./apps/routes.ts";
import { sharingRoutes } from "./sharing/routes.ts";

export const accessRoutes: readonly RouteObject[] = [
  ...appRoutes,
  ...sharingRoutes,
  {
    path: "account/password-policy",
    lazy: lazyPage(() => import("./policies/policy-page.tsx"), "PolicyPage"),
  },
];
