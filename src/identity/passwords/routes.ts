import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { EffectivePasswordPolicy } from "../../contract/identity/password-policy.ts";
import { PasswordChangeRequest } from "../../contract/identity/passwords.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import type { PasswordGuard } from "../throttling/password-guard.ts";
import { changePassword } from "./change-password.ts";
import { readOwnPolicy } from "./effective-policy.ts";

export const passwordRoutes =
  (guard: PasswordGuard): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      "/account/password",
      {
        config: {
          action: "account.password-changed",
          admits: ["full", "needs-new-password"],
        },
        schema: {
          tags: ["identity"],
          summary: "Change one's own password; every other session ends",
          body: PasswordChangeRequest,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        const ctx = contextOf(request);
        const session = await changePassword(ctx, guard, request.body);
        void reply.header("set-cookie", sessionCookie(ctx.config, session));
        return await reply.code(204).send(null);
      },
    );

    app.get(
      "/account/password-policy",
      {
        config: { action: "account.password-policy-read" },
        schema: {
          tags: ["identity"],
          summary: "What is asked of one's own password, by whom, and until when it is good",
          response: { 200: EffectivePasswordPolicy },
        },
      },
      async (request) => await readOwnPolicy(contextOf(request)),
    );
  };
