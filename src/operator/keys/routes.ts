import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { KeyParams, Revocation } from "../../contract/access/api-keys.ts";
import {
  NewOperatorKey,
  OperatorKeyCreated,
  OperatorKeyList,
} from "../../contract/operator/keys.ts";
import { endRule } from "../../access/sharing/parse-end.ts";
import { cidrRule } from "../../platform/client-address/parse-cidr.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { createOperatorKey } from "./create-key.ts";
import { listOperatorKeys, revokeOperatorKey } from "./manage-keys.ts";

const tags = ["operator"];

export const keyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/operator/keys",
    {
      config: {
        action: "operator.key-created",
        fieldRules: { body: { "/addresses/*": cidrRule, "/expiresAt": endRule } },
      },
      schema: {
        tags,
        summary: "Make a key for the operator's product; it is shown this once",
        body: NewOperatorKey,
        response: { 201: OperatorKeyCreated },
      },
    },
    async (request, reply) =>
      await reply.code(201).send(await createOperatorKey(contextOf(request), request.body)),
  );

  app.get(
    "/operator/keys",
    {
      config: { action: "operator.key-listed" },
      schema: { tags, summary: "The operator's keys", response: { 200: OperatorKeyList } },
    },
    async (request) => ({ keys: await listOperatorKeys(contextOf(request)) }),
  );

  app.delete(
    "/operator/keys/:keyId",
    {
      config: { action: "operator.key-revoked" },
      schema: {
        tags,
        summary: "Revoke a key for good",
        params: KeyParams,
        body: Revocation,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeOperatorKey(contextOf(request), { ...request.params, ...request.body });
      return await reply.code(204).send(null);
    },
  );
};
