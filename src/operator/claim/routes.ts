import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { ClaimRequest } from "../../contract/operator/claim.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { claimOperator } from "./claim-operator.ts";

export const claimRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/operator/claim",
    {
      config: { action: "operator.claimed" },
      schema: {
        tags: ["operator"],
        summary: "Become the first operator, by the link that the first start printed",
        body: ClaimRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await claimOperator(contextOf(request), request.body.token);
      return await reply.code(204).send(null);
    },
  );
};
