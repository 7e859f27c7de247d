import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NoBody } from "../../contract/identity/second-factors.ts";
import {
  StrangerReportList,
  StrangerReportParams,
} from "../../contract/operator/stranger-reports.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { closeStrangerReport, readStrangerReports } from "./stranger-reports.ts";

const tags = ["operator"];

export const strangerReportRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/stranger-reports",
    {
      config: { action: "operator.stranger-reports-listed" },
      schema: {
        tags,
        summary: "Sign-ins that their accounts' holders said were not theirs",
        response: { 200: StrangerReportList },
      },
    },
    async (request) => await readStrangerReports(contextOf(request)),
  );

  app.post(
    "/operator/stranger-reports/:reportId/close",
    {
      config: { action: "stranger-report.closed" },
      schema: {
        tags,
        summary: "Mark a report as dealt with",
        params: StrangerReportParams,
        body: NoBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await closeStrangerReport(contextOf(request), request.params.reportId);
      return await reply.code(204).send(null);
    },
  );
};
