import type { RouteObject } from "react-router";
import { lazyPage } from "../shell/lazy-page.ts";
import { readAhead } from "./action-log/read-ahead.ts";

export const recordRoutes: readonly RouteObject[] = [
  {
    path: "security/action-log",
    loader: readAhead,
    // A filter in the address is the page's own business.
    shouldRevalidate: () => false,
    lazy: lazyPage(() => import("./action-log/action-log-page.tsx"), "ActionLogPage"),
  },
  {
    path: "security/streams",
    lazy: lazyPage(() => import("./streams/streams-page.tsx"), "StreamsPage"),
  },
];
