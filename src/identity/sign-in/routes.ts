import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { SessionReply, SignInRequest } from "../../contract/identity/sessions.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { emailRule } from "../accounts/email-address.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import type { PasswordGuard } from "../throttling/password-guard.ts";
import { signIn } from "./sign-in.ts";

export const signInRoutes =
  (guard: PasswordGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      "/sign-in",
      {
        config: {
          action: "session.signed-in",
          admits: ["stranger"],
          fieldRules: { body: { "/email": emailRule } },
        },
        schema: {
          tags: ["identity"],
          summary: "Sign in: the password first",
          body: SignInRequest,
          response: { 200: SessionReply },
        },
      },
      async (request, reply) => {
        const ctx = contextOf(request);
        const session = await signIn(ctx, guard, request.body);
        void reply.header("set-cookie", sessionCookie(ctx.config, session));
        return { session: { level: session.level } };
      },
    );
  };
