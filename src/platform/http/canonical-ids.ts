import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * Ids in an address are read in any case (RFC 9562 §4) and handed on in the one spelling that the
 * database gives back: whatever compares two ids, "not your own" among it, may compare texts.
 */
export function readIdsInAnyCase(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const names = idsAmong(route.schema?.params);
    if (names.length === 0) return;
    route.preValidation = [
      (request: FastifyRequest, _reply: unknown, done: () => void) => {
        const params = request.params as Record<string, string>;
        for (const name of names) params[name] = params[name]?.toLowerCase() ?? "";
        done();
      },
      ...[route.preValidation ?? []].flat(),
    ];
  });
}

/** The parameters that are UUIDs; an externalId is the product's own and stays as it is. */
function idsAmong(schema: unknown): string[] {
  const { properties = {} } = (schema ?? {}) as {
    properties?: Record<string, { format?: string }>;
  };
  return Object.entries(properties).flatMap(([name, { format }]) =>
    format === "uuid" ? [name] : [],
  );
}
