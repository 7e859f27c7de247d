import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  NewSupportRequest,
  RequestParams,
  SupportCaseList,
  SupportRequestCreated,
} from "../../contract/operator/support-access.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { askForAccess } from "./ask-for-access.ts";
import { readCases } from "./read-cases.ts";
import { refuseRequest } from "./refuse-request.ts";

const tags = ["operator"];

export const supportRequestRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/support-cases",
    {
      config: { action: "support.cases-listed" },
      schema: {
        tags,
        summary: "Which logs operators asked to read, and which owners let them",
        response: { 200: SupportCaseList },
      },
    },
    async (request) => ({ cases: await readCases(contextOf(request)) }),
  );

  app.post(
    "/operator/support-requests",
    {
      config: { action: "support.requested" },
      schema: {
        tags,
        summary: "Ask the owners of an app to let the operator read its log",
        body: NewSupportRequest,
        response: { 201: SupportRequestCreated },
      },
    },
    async (request, reply) =>
      await reply.code(201).send(await askForAccess(contextOf(request), request.body)),
  );
  app.delete(
    "/apps/:appId/support-requests/:requestId",
    {
      config: { action: "support.request-refused" },
      schema: {
        tags,
        summary: "Refuse what the operator asks",
        params: RequestParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await refuseRequest(contextOf(request), request.params);
      return await reply.code(204).send(null);
    },
  );
};
