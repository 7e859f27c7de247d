import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  ApiKeyDetails,
  ApiKeyList,
  KeyCreated,
  KeyParams,
  NewKey,
  Revocation,
  Rotation,
} from "../../contract/access/api-keys.ts";
import { ServiceAccountParams } from "../../contract/access/service-accounts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readServiceAccount } from "../service-accounts/on-service-account.ts";
import { listKeys } from "./api-key-queries.ts";
import { listCallersOfKey } from "./caller-queries.ts";
import { createKey, keyEndRule } from "./create-key.ts";
import { toApiKey, toKeyCaller } from "./key-views.ts";
import { readKey } from "./on-key.ts";
import { revokeKey, revokeOwnKey } from "./revoke-key.ts";
import { rotateKey } from "./rotate-key.ts";

const tags = ["access"];

/** All live keys fit; of those that ended the newest are shown. */
const MAX_KEYS_LISTED = 500;

/** The keys of a service account. */
export const keysOfServiceAccountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/service-accounts/:serviceAccountId/keys",
    {
      config: { action: "key.created", fieldRules: { body: { "/expiresAt": keyEndRule } } },
      schema: {
        tags,
        summary: "Make a key; it is shown this once",
        params: ServiceAccountParams,
        body: NewKey,
        response: { 201: KeyCreated },
      },
    },
    async (request, reply) => {
      const made = await createKey(contextOf(request), { ...request.params, ...request.body });
      return reply.code(201).send(made);
    },
  );

  app.get(
    "/service-accounts/:serviceAccountId/keys",
    {
      config: { action: "key.listed", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "A service account's keys",
        params: ServiceAccountParams,
        response: { 200: ApiKeyList },
      },
    },
    async (request) => {
      const ctx = contextOf(request);
      const named = { ...request.params, permission: "app:keys" } as const;
      const { account } = await readServiceAccount(ctx, named);
      const now = ctx.now();
      const rows = await listKeys(ctx.db, { accountId: account.id, now, limit: MAX_KEYS_LISTED });
      return { keys: rows.map((row) => toApiKey(row, now)) };
    },
  );
};

/** A key and its successor. */
export const keyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/keys/:keyId",
    {
      config: { action: "key.read", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "A key and who uses it",
        params: KeyParams,
        response: { 200: ApiKeyDetails },
      },
    },
    async (request) => {
      const ctx = contextOf(request);
      const { key } = await readKey(ctx, { ...request.params, permission: "app:keys" });
      const callers = await listCallersOfKey(ctx.db, key.id);
      return { ...toApiKey(key, ctx.now()), callers: callers.map(toKeyCaller) };
    },
  );

  app.post(
    "/keys/:keyId/rotate",
    {
      config: { action: "key.rotated" },
      schema: {
        tags,
        summary: "Make a key's successor; the old key ends after an overlap",
        params: KeyParams,
        body: Rotation,
        response: { 201: KeyCreated },
      },
    },
    async (request, reply) => {
      const made = await rotateKey(contextOf(request), { ...request.params, ...request.body });
      return reply.code(201).send(made);
    },
  );
};

/** The end of a key. */
export const keyRevocationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.delete(
    "/keys/:keyId",
    {
      config: { action: "key.revoked" },
      schema: {
        tags,
        summary: "End a key for good",
        params: KeyParams,
        body: Revocation,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { reason = "unspecified" } = request.body;
      await revokeKey(contextOf(request), { ...request.params, reason });
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/keys/self-revoke",
    {
      config: { action: "key.revoked", admits: ["api-key"] },
      schema: {
        tags,
        summary: "A key ends itself: send it as the credential",
        body: Revocation,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { reason = "unspecified" } = request.body;
      await revokeOwnKey(contextOf(request), { reason });
      return reply.code(204).send(null);
    },
  );
};
