import type { Wing } from "../wings.ts";
import { forgettingRoutes } from "./forgetting/routes.ts";
import { holdRoutes } from "./holds/routes.ts";
import { retentionRoutes } from "./retention/routes.ts";

/** How long the log is kept, what stays all the same, and being forgotten. The eraser itself is the record's. */
export const privacyWing = (): Wing => ({
  plugins: [retentionRoutes, holdRoutes, forgettingRoutes],
});
