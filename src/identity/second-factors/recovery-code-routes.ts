import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { NoBody, RecoveryCodesReply } from "../../contract/identity/second-factors.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { replaceRecoveryCodes } from "./make-recovery-codes.ts";

export const recoveryCodeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/recovery-codes",
    {
      config: { action: "recovery-codes.replaced" },
      schema: {
        tags: ["identity"],
        summary: "Make a new set of recovery codes; the old ones die",
        body: NoBody,
        response: { 201: RecoveryCodesReply },
      },
    },
    async (request, reply) => {
      const recoveryCodes = await replaceRecoveryCodes(contextOf(request));
      return await reply.code(201).send({ recoveryCodes });
    },
  );
};
