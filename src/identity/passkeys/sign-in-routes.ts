import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { AssertionOptions, UsePasskeyRequest } from "../../contract/identity/passkeys.ts";
import { NoBody } from "../../contract/identity/second-factors.ts";
import { SessionReply } from "../../contract/identity/sessions.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { optionsOfAnybody } from "./make-options.ts";
import { signInWithPasskey } from "./sign-in-with-passkey.ts";

const tags = ["identity"];

/** A passkey in the place of address, password and code. */
export const passkeySignInRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/passkeys/sign-in/options",
    {
      config: { action: "passkey.asked-for", admits: ["stranger"] },
      schema: {
        tags,
        summary: "Sign in by a passkey alone: what the browser is asked",
        body: NoBody,
        response: { 200: AssertionOptions },
      },
    },
    async (request) => optionsOfAnybody(contextOf(request)),
  );

  app.post(
    "/passkeys/sign-in",
    {
      config: { action: "session.signed-in-by-passkey", admits: ["stranger"] },
      schema: {
        tags,
        summary: "Sign in by a passkey alone, which is both factors at once",
        body: UsePasskeyRequest,
        response: { 200: SessionReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const session = await signInWithPasskey(ctx, request.body.assertion);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return { session: { level: session.level } };
    },
  );
};
