import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AssertionOptions, UsePasskeyRequest } from "../../contract/identity/passkeys.ts";
import { NoBody } from "../../contract/identity/second-factors.ts";
import { SessionReply } from "../../contract/identity/sessions.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { optionsOfOwn } from "./make-options.ts";
import { passWithPasskey, stepUpWithPasskey } from "./pass-with-passkey.ts";

const tags = ["identity"];
const options = { tags, body: NoBody, response: { 200: AssertionOptions } };

/** A passkey in a code's place: to finish a sign-in, and to confirm that it is still you. */
export const passkeyVerificationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/sign-in/passkey/options",
    {
      config: { action: "passkey.asked-for", admits: ["needs-second-factor"] },
      schema: { ...options, summary: "Sign in: then a passkey, what the browser is asked" },
    },
    async (request) => await optionsOfOwn(contextOf(request), "second-factor"),
  );

  app.post(
    "/sign-in/passkey",
    {
      config: { action: "session.second-factor-passed", admits: ["needs-second-factor"] },
      schema: {
        tags,
        summary: "Sign in: then a passkey",
        body: UsePasskeyRequest,
        response: { 200: SessionReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const session = await passWithPasskey(ctx, request.body.assertion);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { session: { level: session.level } };
    },
  );

  app.post(
    "/step-up/passkey/options",
    {
      config: { action: "passkey.asked-for" },
      schema: { ...options, summary: "Confirm it's you by a passkey: what the browser is asked" },
    },
    async (request) => await optionsOfOwn(contextOf(request), "step-up"),
  );

  app.post(
    "/step-up/passkey",
    {
      config: { action: "session.stepped-up" },
      schema: {
        tags,
        summary: "Confirm it's you by a passkey, for ten minutes",
        body: UsePasskeyRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await stepUpWithPasskey(contextOf(request), request.body.assertion);
      return await reply.code(204).send(null);
    },
  );
};
