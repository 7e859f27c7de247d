import type { FastifyInstance } from "fastify";

/** Requests of one route and status, and the time they took together. */
export type RequestCount = {
  method: string;
  /** The pattern, never the address; `(none)` where no route fitted. */
  route: string;
  status: number;
  count: number;
  seconds: number;
};

/**
 * Counts every reply. A counter of the metrics library would make a key of the labels for each request;
 * this is two look-ups, and /metrics reads it when it is asked.
 */
export function countRequests(app: FastifyInstance): () => RequestCount[] {
  const byRoute = new Map<string, Map<number, RequestCount>>();
  // A plain callback: a promise for each request would cost more than the counting.
  app.addHook("onResponse", (request, reply, done) => {
    // Anybody can make up methods and addresses; routes are ours.
    const { url: route = "(none)" } = request.routeOptions;
    const method = route === "(none)" ? "(any)" : request.method;
    const key = `${method} ${route}`;
    let byStatus = byRoute.get(key);
    if (byStatus === undefined) byRoute.set(key, (byStatus = new Map()));
    const { statusCode: status } = reply;
    let counted = byStatus.get(status);
    if (counted === undefined)
      byStatus.set(status, (counted = { method, route, status, count: 0, seconds: 0 }));
    counted.count += 1;
    counted.seconds += reply.elapsedTime / 1000;
    done();
  });
  return () => [...byRoute.values()].flatMap((byStatus) => [...byStatus.values()]);
}
