import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  AccountDetails,
  AccountPage,
  AccountParams,
  AccountsQuery,
  DisableRequest,
  REASON_HEADER,
  ReasonHeader,
} from "../../contract/operator/accounts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { disableAccount, enableAccount } from "./disable-account.ts";
import { readAccount, readAccounts } from "./read-accounts.ts";

const tags = ["operator"];

export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/accounts",
    {
      config: { action: "operator.accounts-listed" },
      schema: {
        tags,
        summary: "All accounts, newest first",
        querystring: AccountsQuery,
        response: { 200: AccountPage },
      },
    },
    async (request) => await readAccounts(contextOf(request), request.query),
  );

  app.get(
    "/operator/accounts/:accountId",
    {
      config: { action: "operator.account-read" },
      schema: {
        tags,
        summary: "One account; the header X-Sallyport-Reason says why, and the account sees it",
        params: AccountParams,
        headers: ReasonHeader,
        response: { 200: AccountDetails },
      },
    },
    async (request) =>
      await readAccount(contextOf(request), {
        ...request.params,
        reason: request.headers[REASON_HEADER],
      }),
  );
};

export const accountStateRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/operator/accounts/:accountId/disable",
    {
      config: { action: "account.disabled" },
      schema: {
        tags,
        summary: "Disable an account: its sessions end and its keys are refused at once",
        params: AccountParams,
        body: DisableRequest,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await disableAccount(contextOf(request), { ...request.params, ...request.body });
      return await reply.code(204).send(null);
    },
  );

  app.post(
    "/operator/accounts/:accountId/enable",
    {
      config: { action: "account.enabled" },
      schema: {
        tags,
        summary: "Enable an account again",
        params: AccountParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await enableAccount(contextOf(request), request.params.accountId);
      return await reply.code(204).send(null);
    },
  );
};
