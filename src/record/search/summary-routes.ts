import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { LogSummary, SummaryQuery } from "../../contract/record/summary.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readSummary } from "./read-summary.ts";

export const summaryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/audit/summary",
    {
      config: { action: "entry.summarised", admits: ["full", "api-key"] },
      schema: {
        tags: ["record"],
        summary: "The log as counts: by day, by address, and what is done again and again folded",
        querystring: SummaryQuery,
        response: { 200: LogSummary },
      },
    },
    async (request) => readSummary(contextOf(request), request.query),
  );
};
