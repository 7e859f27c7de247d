import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Instant } from "../../contract/identity/fields.ts";
import { AccountParams } from "../../contract/operator/accounts.ts";
import { Reason } from "../../contract/operator/fields.ts";
import { Hold, HoldList, HoldParams, NewOperatorHold } from "../../contract/privacy/holds.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { forgetAccount, keepAccountOnRecord } from "./forget-account.ts";
import { placeOperatorHold, readOperatorHolds, releaseOperatorHold } from "./hold-entries.ts";

const tags = ["operator"];
const strict = { additionalProperties: false } as const;

export const operatorHoldRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/holds",
    {
      config: { action: "hold.listed" },
      schema: { tags, summary: "What operators hold of the log", response: { 200: HoldList } },
    },
    async (request) => readOperatorHolds(contextOf(request)),
  );

  app.post(
    "/operator/holds",
    {
      config: { action: "hold.placed" },
      schema: {
        tags,
        summary: "Hold entries of an organisation, about an account, or all",
        body: NewOperatorHold,
        response: { 201: Hold },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await placeOperatorHold(contextOf(request), request.body)),
  );

  app.delete(
    "/operator/holds/:holdId",
    {
      config: { action: "hold.released" },
      schema: {
        tags,
        summary: "Release a hold that an operator placed",
        params: HoldParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await releaseOperatorHold(contextOf(request), request.params.holdId);
      return reply.code(204).send(null);
    },
  );
};

export const operatorErasureRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/operator/accounts/:accountId/erasure",
    {
      config: { action: "erasure.requested" },
      schema: {
        tags,
        summary: "Ask for somebody that what their own log says about them be erased",
        params: AccountParams,
        body: Type.Object({ reason: Reason }, strict),
        response: { 201: Type.Object({ from: Instant }, strict) },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(await forgetAccount(contextOf(request), { ...request.params, ...request.body })),
  );

  app.delete(
    "/operator/accounts/:accountId/erasure",
    {
      config: { action: "erasure.withdrawn" },
      schema: {
        tags,
        summary: "Take that back for them",
        params: AccountParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await keepAccountOnRecord(contextOf(request), request.params.accountId);
      return reply.code(204).send(null);
    },
  );
};
