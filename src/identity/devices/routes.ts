import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotMeRequest } from "../../contract/identity/devices.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { noSessionCookie } from "../sessions/session-cookie.ts";
import { EVERY_LEVEL } from "../sessions/session-level.ts";
import { reportStranger } from "./not-me.ts";

export const notMeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/sign-in-notices/not-me",
    {
      config: {
        action: "account.stranger-reported",
        admits: ["stranger", ...EVERY_LEVEL],
      },
      schema: {
        tags: ["identity"],
        summary:
          "Open a notice's link: that sign-in was a stranger's. All sessions end, and the password has to be replaced",
        body: NotMeRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      await reportStranger(ctx, request.body.token);
      if (ctx.principal.kind === "session")
        void reply.header("set-cookie", noSessionCookie(ctx.config));
      return await reply.code(204).send(null);
    },
  );
};
