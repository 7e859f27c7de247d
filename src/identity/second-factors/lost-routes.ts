import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { LostReply, LostRequest } from "../../contract/identity/second-factors.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { reportLost } from "./report-lost.ts";

export const lostRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/second-factors/totp/lost",
    {
      config: { action: "factor.reported-lost", admits: ["needs-second-factor", "full"] },
      schema: {
        tags: ["identity"],
        summary: "The authenticator is lost or stolen: its codes are dead at once",
        body: LostRequest,
        response: { 200: LostReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { session, recoveryCodesLeft } = await reportLost(ctx, request.body);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { session: { level: session.level }, recoveryCodesLeft };
    },
  );
};
