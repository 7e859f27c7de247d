import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Branding, BrandingChange } from "../../contract/platform/branding.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changeBranding, getBranding } from "./change-branding.ts";

const tags = ["operator"];

/** A logo of 200 kB in base64, one that is too large by half so that it is told so at its field, and texts. */
const BODY_LIMIT = 640 * 1024;

export const brandingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/branding",
    {
      config: { action: "operator.branding-read" },
      schema: {
        tags,
        summary: "How the panel and the mails look, as set by the operator",
        response: { 200: Branding },
      },
    },
    async (request) => await getBranding(contextOf(request)),
  );

  app.put(
    "/operator/branding",
    {
      config: { action: "branding.changed" },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: "Change how the panel and the mails look; shown within two seconds",
        body: BrandingChange,
        response: { 200: Branding },
      },
    },
    async (request) => await changeBranding(contextOf(request), request.body),
  );
};
