import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NoBody } from "../../contract/identity/second-factors.ts";
import { AddressReportList, AddressReportParams } from "../../contract/operator/address-reports.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { closeAddressReport, readAddressReports } from "./address-reports.ts";

const tags = ["operator"];

export const addressReportRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/address-reports",
    {
      config: { action: "operator.address-reports-listed" },
      schema: {
        tags,
        summary: "Changes of a sign-in address that the account's holder said were not theirs",
        response: { 200: AddressReportList },
      },
    },
    async (request) => await readAddressReports(contextOf(request)),
  );

  app.post(
    "/operator/address-reports/:reportId/close",
    {
      config: { action: "address-report.closed" },
      schema: {
        tags,
        summary: "Mark a report as dealt with",
        params: AddressReportParams,
        body: NoBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await closeAddressReport(contextOf(request), request.params.reportId);
      return await reply.code(204).send(null);
    },
  );
};
