import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  LinkAskReply,
  LinkAskRequest,
  OwnRecovery,
  RecoveryLinkRequest,
  RecoveryWait,
} from "../../contract/identity/recovery.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { emailRule } from "../accounts/email-address.ts";
import { askRecovery, beginRecovery } from "./begin-recovery.ts";
import { readRecovery, stopOwnRecovery, stopRecoveryByLink } from "./stop-recovery.ts";

const tags = ["identity"];

/** For who has lost every second factor; links of mails need no session. */
export const recoveryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/recovery",
    {
      config: {
        action: "recovery.asked",
        admits: ["stranger"],
        fieldRules: { body: { "/email": emailRule } },
      },
      schema: {
        tags,
        summary: "Every second factor is lost: a link that begins the wait is mailed",
        body: LinkAskRequest,
        response: { 202: LinkAskReply },
      },
    },
    async (request, reply) => {
      const language = request.headers["accept-language"];
      await askRecovery(contextOf(request), request.body.email, language);
      return await reply.code(202).send({});
    },
  );

  app.post(
    "/recovery/begin",
    {
      config: { action: "recovery.begun", admits: ["stranger"] },
      schema: {
        tags,
        summary: "The mail's link: the wait begins, and every address is told",
        body: RecoveryLinkRequest,
        response: { 200: RecoveryWait },
      },
    },
    async (request) => await beginRecovery(contextOf(request), request.body.token),
  );

  app.post(
    "/recovery/stop",
    {
      config: { action: "recovery.stopped", admits: ["stranger"] },
      schema: {
        tags,
        summary: "Stop a reset of second factors, by a link of the mails that told of it",
        body: RecoveryLinkRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await stopRecoveryByLink(contextOf(request), request.body.token);
      return await reply.code(204).send(null);
    },
  );
};

export const ownRecoveryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/account/recovery",
    {
      config: { action: "recovery.read" },
      schema: {
        tags,
        summary: "Whether a reset of one's second factors waits",
        response: { 200: OwnRecovery },
      },
    },
    async (request) => await readRecovery(contextOf(request)),
  );

  app.delete(
    "/account/recovery",
    {
      config: { action: "recovery.stopped" },
      schema: {
        tags,
        summary: "Stop a reset of one's second factors, from any session",
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await stopOwnRecovery(contextOf(request));
      return await reply.code(204).send(null);
    },
  );
};
