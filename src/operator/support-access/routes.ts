import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AppParams } from "../../contract/access/apps.ts";
import {
  ConsentParams,
  NewSupportConsent,
  SupportConsentCreated,
  SupportConsentList,
  SupportQuery,
} from "../../contract/operator/support-access.ts";
import { EntryList } from "../../contract/record/entries.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { listRules } from "../../record/search/list-entries.ts";
import { endConsent, giveConsent, readConsents } from "./manage-consents.ts";
import { readAppEntries } from "./read-app-entries.ts";

const tags = ["operator"];

export const supportAccessRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/entries",
    {
      config: { action: "operator.entries-read", fieldRules: { querystring: listRules } },
      schema: {
        tags,
        summary: "The log of one app, whose owner let the operator in",
        querystring: SupportQuery,
        response: { 200: EntryList },
      },
    },
    async (request) => await readAppEntries(contextOf(request), request.query),
  );
};

export const supportConsentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/apps/:appId/support-consents",
    {
      config: { action: "support.consent-given" },
      schema: {
        tags,
        summary: "Let the operator read the app's entries, for a time",
        params: AppParams,
        body: NewSupportConsent,
        response: { 201: SupportConsentCreated },
      },
    },
    async (request, reply) => {
      const given = { ...request.params, ...request.body };
      return await reply.code(201).send(await giveConsent(contextOf(request), given));
    },
  );

  app.get(
    "/apps/:appId/support-consents",
    {
      config: { action: "support.consent-listed" },
      schema: {
        tags,
        summary: "Who let the operator read the app's entries, and what it asks",
        params: AppParams,
        response: { 200: SupportConsentList },
      },
    },
    async (request) => await readConsents(contextOf(request), request.params.appId),
  );

  app.delete(
    "/apps/:appId/support-consents/:consentId",
    {
      config: { action: "support.consent-withdrawn" },
      schema: {
        tags,
        summary: "End such a consent",
        params: ConsentParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await endConsent(contextOf(request), request.params);
      return await reply.code(204).send(null);
    },
  );
};
