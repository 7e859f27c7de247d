import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  AddPasskeyRequest,
  PasskeyReply,
  RegistrationOptions,
} from "../../contract/identity/passkeys.ts";
import { NoBody } from "../../contract/identity/second-factors.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { addPasskey } from "./add-passkey.ts";
import { optionsToAdd } from "./make-options.ts";

const tags = ["identity"];

/** Adding a passkey, in two calls: the browser stands between them. */
export const addPasskeyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/passkeys/options",
    {
      config: { action: "passkey.setup-begun" },
      schema: {
        tags,
        summary: "Begin to add a passkey: what the browser is to make",
        body: NoBody,
        response: { 200: RegistrationOptions },
      },
    },
    async (request) => await optionsToAdd(contextOf(request)),
  );

  app.post(
    "/passkeys",
    {
      config: { action: "passkey.added" },
      schema: {
        tags,
        summary: "Add the passkey that the browser made",
        body: AddPasskeyRequest,
        response: { 201: PasskeyReply },
      },
    },
    async (request, reply) => {
      const passkey = await addPasskey(contextOf(request), request.body);
      return await reply.code(201).send({ passkey });
    },
  );
};
