import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { OrganisationParams } from "../../contract/access/organisations.ts";
import { Hold, HoldList, NewHold, OrganisationHoldParams } from "../../contract/privacy/holds.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { placeHold, readHolds, releaseHold } from "./manage-holds.ts";

const tags = ["privacy"];

export const holdRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/organisations/:organisationId/holds",
    {
      config: { action: "hold.listed" },
      schema: {
        tags,
        summary: "What is held of an organisation's log",
        params: OrganisationParams,
        response: { 200: HoldList },
      },
    },
    async (request) => readHolds(contextOf(request), request.params.organisationId),
  );

  app.post(
    "/organisations/:organisationId/holds",
    {
      config: { action: "hold.placed" },
      schema: {
        tags,
        summary: "Hold entries: they stay although their period ends",
        params: OrganisationParams,
        body: NewHold,
        response: { 201: Hold },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(await placeHold(contextOf(request), { ...request.params, ...request.body })),
  );

  app.delete(
    "/organisations/:organisationId/holds/:holdId",
    {
      config: { action: "hold.released" },
      schema: {
        tags,
        summary: "Release a hold: what has ended goes within a day",
        params: OrganisationHoldParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await releaseHold(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};
