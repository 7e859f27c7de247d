import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Home } from "../../contract/access/home.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readHome } from "./read-home.ts";

export const homeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/home",
    {
      config: { action: "home.read" },
      schema: {
        tags: ["access"],
        summary: "What you have set up, what needs you, and what ends soon",
        response: { 200: Home },
      },
    },
    async (request) => await readHome(contextOf(request)),
  );
};
