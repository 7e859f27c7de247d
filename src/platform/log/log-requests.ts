import type { FastifyInstance } from "fastify";

/** A request that takes longer is worth a line, ms. */
const SLOW_MS = 1_000;

/**
 * A line for each request that failed on our side or was slow. All others are on record, or counted; a
 * line for each would cost more than the request.
 */
export function logTroubledRequests(app: FastifyInstance): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { statusCode: status, elapsedTime } = reply;
    if (status < 500 && elapsedTime < SLOW_MS) return done();
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? "(none)",
      status,
      ms: Math.round(elapsedTime),
      requestId: request.id,
    };
    request.log.warn(line, status >= 500 ? "a request failed" : "a request was slow");
    done();
  });
}
