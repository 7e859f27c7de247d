import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Config } from "../../config.ts";
import { ProblemError } from "../../problem-error.ts";
import { secretsEqual } from "../crypto/tokens.ts";
import { requireLoopback } from "../http/loopback-only.ts";
import { createMetrics } from "./metrics.ts";
import { createReadiness } from "./readiness.ts";
import type { RequestCount } from "./request-counts.ts";

/** For whatever watches the process: lives it, can it serve, what does it do. */
export function healthRoutes(requests: () => RequestCount[]): FastifyPluginAsync {
  return async (app) => {
    const { services } = app;
    const readiness = createReadiness(services);
    const metrics = createMetrics(services, requests);
    const options = { schema: { hide: true }, config: { isPublicFile: true } } as const;

    // It answers, so the event loop turns: nothing else is asked, or a database that is away would get
    // every process of an installation restarted.
    app.get("/healthz", options, async () => ({ status: "ok" }));

    app.get("/readyz", options, async (_request, reply) => {
      const found = await readiness();
      return reply.code(found.status === "ok" ? 200 : 503).send(found);
    });

    app.get("/metrics", options, async (request, reply) => {
      requireMayMeasure(request, services.config);
      return reply.type(metrics.contentType).send(await metrics.metrics());
    });
  };
}

/** With a token whoever holds it; else this machine alone. */
function requireMayMeasure(request: FastifyRequest, config: Config): void {
  if (config.metricsToken === undefined) return requireLoopback(request, config);
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (token === undefined || !secretsEqual(token, config.metricsToken))
    throw new ProblemError("not-signed-in");
}
