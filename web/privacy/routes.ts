import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";

/** How long the log is kept, what is held, and being forgotten. */
export const privacyRoutes: readonly RouteObject[] = [
  {
    path: "account/retention",
    lazy: lazyPage(() => import("./retention/retention-page.tsx"), "RetentionPage"),
  },
];
