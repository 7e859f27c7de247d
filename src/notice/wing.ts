import type { Wing } from "../wings.ts";
import { inboxRoutes, inboxStreamRoutes } from "./inbox/routes.ts";
import { preferenceRoutes, unsubscribeRoutes } from "./preferences/routes.ts";

/** What people are told: the inbox, and what reaches them by which way. The path itself is a port. */
export const noticeWing = (): Wing => ({
  plugins: [inboxRoutes, inboxStreamRoutes, preferenceRoutes, unsubscribeRoutes],
});
