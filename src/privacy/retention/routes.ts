import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { OrganisationParams } from "../../contract/access/organisations.ts";
import {
  Retention,
  RetentionPeriods,
  RetentionPreview,
  RetentionQuery,
} from "../../contract/privacy/retention.ts";
import { leastPeriods, MAX_PERIOD_DAYS } from "../../contract/record/retention.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { invalidQuery } from "../../record/search/invalid-query.ts";
import { changeRetention } from "./change-retention.ts";
import { previewRetention, readRetention } from "./read-retention.ts";

const tags = ["privacy"];

export const retentionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/organisations/:organisationId/retention",
    {
      config: { action: "retention.read" },
      schema: {
        tags,
        summary: "How long an organisation's log is kept, and what went lately",
        params: OrganisationParams,
        response: { 200: Retention },
      },
    },
    async (request) => readRetention(contextOf(request), request.params.organisationId),
  );

  app.put(
    "/organisations/:organisationId/retention",
    {
      config: { action: "retention.changed" },
      schema: {
        tags,
        summary: "Set how long an organisation's log is kept; shorter holds after 14 days",
        params: OrganisationParams,
        body: RetentionPeriods,
        response: { 200: Retention },
      },
    },
    async (request) =>
      changeRetention(contextOf(request), { ...request.params, periods: request.body }),
  );

  app.get(
    "/organisations/:organisationId/retention/preview",
    {
      config: { action: "retention.previewed" },
      schema: {
        tags,
        summary: "How many entries other periods would remove today",
        params: OrganisationParams,
        querystring: RetentionQuery,
        response: { 200: RetentionPreview },
      },
    },
    async (request) =>
      previewRetention(contextOf(request), {
        ...request.params,
        periods: readPeriods(request.query),
      }),
  );
};

/** @throws {ProblemError} `invalid-request` naming each that is out of bounds. */
function readPeriods(query: RetentionQuery): RetentionPeriods {
  const periods = {
    routineDays: Number(query.routineDays),
    importantDays: Number(query.importantDays),
    addressDays: Number(query.addressDays),
  };
  const names = ["routineDays", "importantDays", "addressDays"] as const;
  const faults = names
    .filter((name) => periods[name] < leastPeriods[name] || periods[name] > MAX_PERIOD_DAYS)
    .map((name) => ({
      field: name,
      fault: {
        code: "whole-number-between" as const,
        params: { min: leastPeriods[name], max: MAX_PERIOD_DAYS },
      },
    }));
  if (faults.length > 0) throw invalidQuery(faults);
  return periods;
}
