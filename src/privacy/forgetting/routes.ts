import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Erasure } from "../../contract/privacy/erasure.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { askToBeForgotten, readErasure, stayOnRecord } from "./ask-to-be-forgotten.ts";

const tags = ["privacy"];

export const forgettingRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/account/erasure",
    {
      config: { action: "erasure.read" },
      schema: {
        tags,
        summary: "Whether your own log is to be erased, and where entries about you stay",
        response: { 200: Erasure },
      },
    },
    async (request) => readErasure(contextOf(request)),
  );

  app.post(
    "/account/erasure",
    {
      config: { action: "erasure.requested" },
      schema: {
        tags,
        summary: "Ask that what your own log says about you be erased; it begins after 14 days",
        body: Type.Object({}, { additionalProperties: false }),
        response: { 201: Erasure },
      },
    },
    async (request, reply) => reply.code(201).send(await askToBeForgotten(contextOf(request))),
  );

  app.delete(
    "/account/erasure",
    {
      config: { action: "erasure.withdrawn" },
      schema: {
        tags,
        summary: "Take that back; what is erased already stays so",
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await stayOnRecord(contextOf(request));
      return reply.code(204).send(null);
    },
  );
};
