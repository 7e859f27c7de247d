import type { RouteObject } from "react-router";
import { appRoutes } from "./apps/routes.ts";
import { sharingRoutes } from "./sharing/routes.ts";

export const accessRoutes: readonly RouteObject[] = [...appRoutes, ...sharingRoutes];
