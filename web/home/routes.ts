import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

export const homeRoutes: readonly RouteObject[] = [
  { index: true, lazy: lazyPage(() => import("./home-page.tsx"), "HomePage") },
];
