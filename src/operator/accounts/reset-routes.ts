import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { RecoveryWait } from "../../contract/identity/recovery.ts";
import { AccountParams, FactorResetRequest } from "../../contract/operator/accounts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { askFactorReset, cancelFactorReset } from "./reset-factors.ts";

const tags = ["operator"];

export const factorResetRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/operator/accounts/:accountId/factor-reset",
    {
      config: { action: "account.factor-reset-asked" },
      schema: {
        tags,
        summary: "Ask for a reset of somebody's second factors: it waits, and they are told",
        params: AccountParams,
        body: FactorResetRequest,
        response: { 201: RecoveryWait },
      },
    },
    async (request, reply) => {
      const { accountId } = request.params;
      const wait = await askFactorReset(contextOf(request), { accountId, ...request.body });
      return await reply.code(201).send(wait);
    },
  );

  app.delete(
    "/operator/accounts/:accountId/factor-reset",
    {
      config: { action: "account.factor-reset-cancelled" },
      schema: {
        tags,
        summary: "Cancel a reset of somebody's second factors",
        params: AccountParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await cancelFactorReset(contextOf(request), request.params.accountId);
      return await reply.code(204).send(null);
    },
  );
};
