import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AppParams } from "../../contract/access/apps.ts";
import {
  NewServiceAccount,
  ServiceAccount,
  ServiceAccountChange,
  ServiceAccountCreated,
  ServiceAccountList,
  ServiceAccountParams,
} from "../../contract/access/service-accounts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { requirePermission } from "../sharing/app-access.ts";
import { changeServiceAccount } from "./change-service-account.ts";
import { endRule } from "../sharing/parse-end.ts";
import { createServiceAccount } from "./create-service-account.ts";
import { deleteServiceAccount } from "./delete-service-account.ts";
import { readServiceAccount } from "./on-service-account.ts";
import { listServiceAccounts, type ServiceAccountRow } from "./service-account-queries.ts";

const tags = ["access"];

/** The service accounts of an app. */
export const serviceAccountsOfAppRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/apps/:appId/service-accounts",
    {
      config: {
        action: "service-account.created",
        fieldRules: { body: { "/expiresAt": endRule } },
      },
      schema: {
        tags,
        summary: "Make an account for a program, with a role in this app",
        params: AppParams,
        body: NewServiceAccount,
        response: { 201: ServiceAccountCreated },
      },
    },
    async (request, reply) => {
      const given = { ...request.params, ...request.body };
      return reply.code(201).send(await createServiceAccount(contextOf(request), given));
    },
  );

  app.get(
    "/apps/:appId/service-accounts",
    {
      config: { action: "service-account.listed", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "The app's service accounts",
        params: AppParams,
        response: { 200: ServiceAccountList },
      },
    },
    async (request) => {
      const ctx = contextOf(request);
      const { appId } = request.params;
      await requirePermission(ctx.db, ctx, appId, "app:keys");
      const rows = await listServiceAccounts(ctx.db, { appId, now: ctx.now() });
      return { serviceAccounts: rows.map(toServiceAccount) };
    },
  );
};

/** One service account. */
export const serviceAccountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/service-accounts/:serviceAccountId",
    {
      config: { action: "service-account.read", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "One service account",
        params: ServiceAccountParams,
        response: { 200: ServiceAccount },
      },
    },
    async (request) => {
      const named = { ...request.params, permission: "app:keys" } as const;
      const { account } = await readServiceAccount(contextOf(request), named);
      return toServiceAccount(account);
    },
  );

  app.patch(
    "/service-accounts/:serviceAccountId",
    {
      config: { action: "service-account.changed" },
      schema: {
        tags,
        summary: "Rename, disable or enable a service account",
        params: ServiceAccountParams,
        body: ServiceAccountChange,
        response: { 200: ServiceAccount },
      },
    },
    async (request) => {
      const given = { ...request.params, change: request.body };
      return toServiceAccount(await changeServiceAccount(contextOf(request), given));
    },
  );

  app.delete(
    "/service-accounts/:serviceAccountId",
    {
      config: { action: "service-account.deleted" },
      schema: {
        tags,
        summary: "End a service account for good, with its keys and its access",
        params: ServiceAccountParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteServiceAccount(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};

function toServiceAccount(row: ServiceAccountRow): ServiceAccount {
  return {
    id: row.id,
    appId: row.appId,
    name: row.name,
    role: row.role,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    disabled: row.disabledAt !== null,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    liveKeys: row.liveKeys,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
