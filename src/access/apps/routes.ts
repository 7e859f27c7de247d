import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  App,
  AppChange,
  AppDetails,
  AppList,
  AppParams,
  NewApp,
  Transfer,
  TransferAcceptance,
  TransferLink,
  TransferOffer,
  TransferPreview,
} from "../../contract/access/apps.ts";
import { emailRule } from "../../identity/accounts/email-address.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { acceptTransfer } from "./accept-transfer.ts";
import { createApp } from "./create-app.ts";
import { deleteApp } from "./delete-app.ts";
import { listApps, readApp } from "./read-apps.ts";
import { previewTransfer } from "./preview-transfer.ts";
import { renameApp } from "./rename-app.ts";
import { cancelOffer, offerApp, transferApp } from "./transfer-app.ts";

const tags = ["access"];

export const appRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/apps",
    {
      config: { action: "app.created" },
      schema: {
        tags,
        summary: "Make an app in an organisation that you own",
        body: NewApp,
        response: { 201: App },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createApp(contextOf(request), request.body)),
  );

  app.get(
    "/apps",
    {
      config: { action: "app.listed", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "Apps you own, and apps shared with you",
        response: { 200: AppList },
      },
    },
    async (request) => listApps(contextOf(request)),
  );
};

export const oneAppRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/apps/:appId",
    {
      config: { action: "app.read", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "One app, and what you may do to it",
        params: AppParams,
        response: { 200: AppDetails },
      },
    },
    async (request) => readApp(contextOf(request), request.params),
  );

  app.patch(
    "/apps/:appId",
    {
      config: { action: "app.renamed" },
      schema: {
        tags,
        summary: "Rename an app",
        params: AppParams,
        body: AppChange,
        response: { 200: App },
      },
    },
    async (request) => renameApp(contextOf(request), { ...request.params, ...request.body }),
  );

  app.delete(
    "/apps/:appId",
    {
      config: { action: "app.deleted" },
      schema: {
        tags,
        summary: "Delete an app and end all access to it",
        params: AppParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteApp(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};

export const transferRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/apps/:appId/transfer",
    {
      config: { action: "app.transferred", fieldRules: { body: { "/email": emailRule } } },
      schema: {
        tags,
        summary:
          "Hand an app over: at once to another organisation of yours, else by an offer in a mail",
        params: AppParams,
        body: Transfer,
        response: { 200: App, 202: TransferOffer },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { appId } = request.params;
      const { organisationId, email } = request.body;
      if (organisationId !== undefined)
        return reply.code(200).send(await transferApp(ctx, { appId, organisationId }));
      return reply.code(202).send(await offerApp(ctx, { appId, email: email ?? "" }));
    },
  );

  app.delete(
    "/apps/:appId/transfer",
    {
      config: { action: "app.transfer-cancelled" },
      schema: {
        tags,
        summary: "Take an offer back",
        params: AppParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await cancelOffer(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};

/** What a mail's link opens. */
export const transferLinkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/apps/transfers/preview",
    {
      config: { action: "app.transfer-read", admits: ["stranger"] },
      schema: {
        tags,
        summary: "What an offer's link is about; changes nothing",
        body: TransferLink,
        response: { 200: TransferPreview },
      },
    },
    async (request) => previewTransfer(contextOf(request), request.body),
  );

  app.post(
    "/apps/transfers/accept",
    {
      config: { action: "app.transferred" },
      schema: {
        tags,
        summary: "Accept an app that was offered to you",
        body: TransferAcceptance,
        response: { 200: App },
      },
    },
    async (request) => acceptTransfer(contextOf(request), request.body),
  );
};
