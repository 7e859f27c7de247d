import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

export const helpRoutes: readonly RouteObject[] = [
  { path: "help", lazy: lazyPage(() => import("./help-page.tsx"), "HelpPage") },
  { path: "help/:guide", lazy: lazyPage(() => import("./guide-page.tsx"), "GuidePage") },
];
