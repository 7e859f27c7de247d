import type { FastifyInstance } from "fastify";
import { countRequests } from "../health/request-counts.ts";
import { healthRoutes } from "../health/routes.ts";
import { logTroubledRequests } from "../log/log-requests.ts";
import { sandboxRoutes } from "../mail/sandbox-routes.ts";
import { panelRoutes } from "../panel/panel-routes.ts";

/** What lies beside the API: health, metrics, pages, sandbox; and the counting of every request, so call it before the routes. */
export async function addRootRoutes(app: FastifyInstance): Promise<void> {
  logTroubledRequests(app);
  await app.register(healthRoutes(countRequests(app)));
  await app.register(sandboxRoutes);
  await app.register(panelRoutes);
}
