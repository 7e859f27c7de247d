import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  LinkAskRequest,
  LinkAskReply,
  PasswordResetRequest,
} from "../../contract/identity/recovery.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { passwordRule } from "../accounts/choose-password.ts";
import { emailRule } from "../accounts/email-address.ts";
import { askReset } from "./ask-reset.ts";
import { resetPassword } from "./reset-password.ts";

const tags = ["identity"];

/** For who has forgotten the password: by mail, and never past the second factor. */
export const passwordResetRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/password-resets",
    {
      config: {
        action: "account.password-reset-asked",
        admits: ["stranger"],
        fieldRules: { body: { "/email": emailRule } },
      },
      schema: {
        tags,
        summary: "Forgot the password: a link to choose another is mailed",
        body: LinkAskRequest,
        response: { 202: LinkAskReply },
      },
    },
    async (request, reply) => {
      const language = request.headers["accept-language"];
      await askReset(contextOf(request), request.body.email, language);
      return await reply.code(202).send({});
    },
  );

  app.post(
    "/password-resets/confirm",
    {
      config: {
        action: "account.password-reset",
        admits: ["stranger"],
        fieldRules: { body: { "/newPassword": passwordRule } },
      },
      schema: {
        tags,
        summary: "The mail's link: choose another password; signs nobody in",
        body: PasswordResetRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await resetPassword(contextOf(request), request.body);
      return await reply.code(204).send(null);
    },
  );
};
