import type { FastifyPluginAsync } from "fastify";
import { ProblemError } from "../../problem-error.ts";
import { publicBranding } from "./branding-facts.ts";
import { latestBranding, latestLogo } from "./latest-branding.ts";

const options = { schema: { hide: true }, config: { isPublicFile: true } } as const;

/** What the panel looks like, for everybody: read before anybody signs in. */
export const brandingFiles: FastifyPluginAsync = async (app) => {
  const { db, config } = app.services;

  app.get("/branding.json", options, async () => publicBranding(await latestBranding(db), config));

  app.get<{ Querystring: { v?: string } }>("/branding/logo", options, async (request, reply) => {
    const logo = await latestLogo(db);
    if (logo === null) throw new ProblemError("route-not-found");
    // A page of just before a change asks for the earlier one: it gets the new one, and does not keep it.
    const isAskedFor = request.query.v === String(logo.version);
    return await reply
      .type(logo.type)
      .header("cache-control", isAskedFor ? "public, max-age=31536000, immutable" : "no-cache")
      // Opened by itself it is a picture and nothing else, whatever is in its bytes.
      .header("content-security-policy", "default-src 'none'; sandbox")
      .send(logo.bytes);
  });
};
