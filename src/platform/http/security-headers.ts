import type { FastifyReply, FastifyRequest } from "fastify";

/*
 * Set on every reply. The API is not a page: nothing may be loaded, framed or sniffed from it. A route
 * that serves a page sets its own policy before this hook runs; what is set stays.
 */
const defaults: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};
const entries = Object.entries(defaults);

/** Two years, as browsers' preload lists ask for. */
const STRICT_TRANSPORT = "max-age=63072000; includeSubDomains";

declare module "fastify" {
  interface FastifyInstance {
    /** People reach us over https. */
    isHttps: boolean;
  }
}

/** What a reply to a program needs; it is never shown as a page. */
const forPrograms = { "x-content-type-options": "nosniff", "cache-control": "no-store" };

export function sendSecurityHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  if (request.routeOptions.config.authenticatesItself === true) void reply.headers(forPrograms);
  else setMissing(reply);
  if (request.server.isHttps) void reply.header("strict-transport-security", STRICT_TRANSPORT);
  done(null, payload);
}

function setMissing(reply: FastifyReply): void {
  for (const [name, value] of entries) if (!reply.hasHeader(name)) void reply.header(name, value);
}
