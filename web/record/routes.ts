import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

export const recordRoutes: readonly RouteObject[] = [
  {
    path: "security/action-log",
    lazy: lazyPage(() => import("./action-log/action-log-page.tsx"), "ActionLogPage"),
  },
];
