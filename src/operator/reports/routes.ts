import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Report, Reported } from "../../contract/operator/reports.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { reportedAtRule, ReportedMeanwhile, reportEntry } from "./report-entry.ts";

export const reportRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/audit/entries",
    {
      config: {
        action: "entry.reported",
        admits: ["operator-key"],
        fieldRules: { body: { "/at": reportedAtRule } },
      },
      schema: {
        tags: ["operator"],
        summary: "Put on record what the operator's product did, as reported",
        body: Report,
        response: { 200: Reported, 201: Reported },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const again = (error: unknown) => {
        if (!(error instanceof ReportedMeanwhile)) throw error;
        return reportEntry(ctx, request.body);
      };
      const { entryId, isNew } = await reportEntry(ctx, request.body).catch(again);
      return await reply.code(isNew ? 201 : 200).send({ id: entryId });
    },
  );
};
