import type { DecisionDesk } from "../access/decisions/decision-desk.ts";
import type { Wing } from "../wings.ts";
import { forwardAuthRoutes } from "./forward-auth/routes.ts";

/** Protocols of others over the operations of access. */
export function interopWing(desk: DecisionDesk): Wing {
  return { plugins: [forwardAuthRoutes(desk)] };
}
