import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { SessionRules, SessionRulesChange } from "../../contract/access/session-rules.ts";
import { cidrRule } from "../../platform/client-address/parse-cidr.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changeSessionRules, confirmSessionRules } from "./change-session-rules.ts";
import { viewSessionRules } from "./read-session-rules.ts";

const tags = ["access"];

export const sessionRuleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/account/address-rules",
    {
      config: { action: "session-rules.read" },
      schema: {
        tags,
        summary: "From where one's own sessions may be used",
        response: { 200: SessionRules },
      },
    },
    async (request) => {
      const ctx = contextOf(request);
      return await viewSessionRules(ctx.db, ctx);
    },
  );

  app.put(
    "/account/address-rules",
    {
      config: {
        action: "session-rules.changed",
        fieldRules: { body: { "/entries/*/cidr": cidrRule } },
      },
      schema: {
        tags,
        summary: "Set from where one's own sessions may be used",
        body: SessionRulesChange,
        response: { 200: SessionRules },
      },
    },
    async (request) => await changeSessionRules(contextOf(request), request.body),
  );

  app.post(
    "/account/address-rules/confirm",
    {
      config: { action: "session-rules.confirmed" },
      schema: {
        tags,
        summary: "Make the last change of them stay",
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await confirmSessionRules(contextOf(request));
      return await reply.code(204).send(null);
    },
  );
};
