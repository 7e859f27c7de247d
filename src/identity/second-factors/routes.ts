import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  ConfirmReply,
  EnrolmentReply,
  NoBody,
  SecondFactors,
  TotpCodeRequest,
} from "../../contract/identity/second-factors.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { beginEnrolment } from "./begin-enrolment.ts";
import { confirmEnrolment } from "./confirm-enrolment.ts";
import { readFactors } from "./read-factors.ts";

const tags = ["identity"];

export const secondFactorRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/second-factors",
    {
      config: { action: "factor.read" },
      schema: {
        tags,
        summary: "State of one's own second factors",
        response: { 200: SecondFactors },
      },
    },
    async (request) => await readFactors(contextOf(request)),
  );

  app.post(
    "/second-factors/totp",
    {
      config: { action: "factor.enrolment-begun", admits: ["needs-enrolment", "full"] },
      schema: {
        tags,
        summary: "Begin to set up, or to replace, the authenticator",
        body: NoBody,
        response: { 201: EnrolmentReply },
      },
    },
    async (request, reply) => await reply.code(201).send(await beginEnrolment(contextOf(request))),
  );

  app.post(
    "/second-factors/totp/confirm",
    {
      config: { action: "factor.confirmed", admits: ["needs-enrolment", "full"] },
      schema: {
        tags,
        summary: "Confirm the authenticator by its first code",
        body: TotpCodeRequest,
        response: { 200: ConfirmReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { recoveryCodes, session } = await confirmEnrolment(ctx, request.body.code);
      if (session !== null) void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { recoveryCodes, session: { level: session?.level ?? "full" } };
    },
  );
};
