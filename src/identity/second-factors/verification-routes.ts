import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { RecoveryCodeRequest, TotpCodeRequest } from "../../contract/identity/second-factors.ts";
import { SessionReply } from "../../contract/identity/sessions.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { passWithRecoveryCode, passWithTotp, stepUp } from "./pass-second-factor.ts";

const tags = ["identity"];

/** Where codes are asked for: to finish a sign-in, and to confirm that it is still you. */
export const verificationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/sign-in/totp",
    {
      config: { action: "session.second-factor-passed", admits: ["needs-second-factor"] },
      schema: {
        tags,
        summary: "Sign in: then a code of the authenticator",
        body: TotpCodeRequest,
        response: { 200: SessionReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const session = await passWithTotp(ctx, request.body.code);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { session: { level: session.level } };
    },
  );

  app.post(
    "/sign-in/recovery-code",
    {
      config: { action: "session.recovery-code-used", admits: ["needs-second-factor"] },
      schema: {
        tags,
        summary: "Sign in: or a recovery code",
        body: RecoveryCodeRequest,
        response: { 200: SessionReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const session = await passWithRecoveryCode(ctx, request.body.code);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { session: { level: session.level } };
    },
  );

  app.post(
    "/step-up",
    {
      config: { action: "session.stepped-up" },
      schema: {
        tags,
        summary: "Confirm it's you, for ten minutes",
        body: TotpCodeRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await stepUp(contextOf(request), request.body.code);
      return await reply.code(204).send(null);
    },
  );
};
