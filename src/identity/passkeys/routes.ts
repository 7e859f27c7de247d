import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  PasskeyChange,
  PasskeyList,
  PasskeyParams,
  PasskeyReply,
} from "../../contract/identity/passkeys.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionOf } from "../sessions/open-session.ts";
import { listPasskeys } from "./passkey-queries.ts";
import { removePasskey } from "./remove-passkey.ts";
import { renamePasskey } from "./rename-passkey.ts";
import { toPasskey } from "./to-passkey.ts";

const tags = ["identity"];

/** One's own passkeys. */
export const passkeyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/passkeys",
    {
      config: { action: "passkey.listed" },
      schema: { tags, summary: "One's own passkeys", response: { 200: PasskeyList } },
    },
    async (request) => {
      const ctx = contextOf(request);
      const rows = await listPasskeys(ctx.db, sessionOf(ctx).accountId);
      return { passkeys: rows.map(toPasskey) };
    },
  );

  app.patch(
    "/passkeys/:passkeyId",
    {
      config: { action: "passkey.renamed" },
      schema: {
        tags,
        summary: "Rename a passkey",
        params: PasskeyParams,
        body: PasskeyChange,
        response: { 200: PasskeyReply },
      },
    },
    async (request) => ({
      passkey: await renamePasskey(contextOf(request), { ...request.params, ...request.body }),
    }),
  );

  app.delete(
    "/passkeys/:passkeyId",
    {
      config: { action: "passkey.removed" },
      schema: {
        tags,
        summary: "Remove a passkey; never the last factor",
        params: PasskeyParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removePasskey(contextOf(request), request.params.passkeyId);
      return await reply.code(204).send(null);
    },
  );
};
