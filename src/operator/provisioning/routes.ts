import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import type { FastifyReply } from "fastify";
import { ExternalIdParams } from "../../contract/operator/fields.ts";
import {
  ConsentDecision,
  ConsentLink,
  ConsentPreview,
  ProvisionAccount,
  ProvisionApp,
  Provisioned,
  ProvisionOrganisation,
} from "../../contract/operator/provisioning.ts";
import { emailRule } from "../../identity/accounts/email-address.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { decideConsent } from "./decide-consent.ts";
import { previewConsent } from "./preview-consent.ts";
import { provisionAccount, type Provisioned as Outcome } from "./provision-account.ts";
import { provisionApp } from "./provision-app.ts";
import { provisionOrganisation } from "./provision-organisation.ts";
import { timeZoneRule } from "../../identity/accounts/reader.ts";

const tags = ["operator"];

const emailRules = { body: { "/email": emailRule, "/timeZone": timeZoneRule } };
const ownerRules = { body: { "/owners/*/email": emailRule } };
const response = { 200: Provisioned, 201: Provisioned };

const shape = (reply: FastifyReply, externalId: string, { id, isNew }: Outcome) => {
  void reply.code(isNew ? 201 : 200);
  return { id, externalId };
};

export const provisioningRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.put(
    "/provision/accounts/:externalId",
    {
      config: { action: "account.provisioned", admits: ["operator-key"], fieldRules: emailRules },
      schema: {
        tags,
        summary: "Make or change the person with this externalId",
        params: ExternalIdParams,
        body: ProvisionAccount,
        response,
      },
    },
    async (request, reply) => {
      const { externalId } = request.params;
      const outcome = await provisionAccount(contextOf(request), externalId, request.body);
      return shape(reply, externalId, outcome);
    },
  );

  app.put(
    "/provision/organisations/:externalId",
    {
      config: {
        action: "organisation.provisioned",
        admits: ["operator-key"],
        fieldRules: ownerRules,
      },
      schema: {
        tags,
        summary: "Make or change the organisation with this externalId",
        params: ExternalIdParams,
        body: ProvisionOrganisation,
        response,
      },
    },
    async (request, reply) => {
      const { externalId } = request.params;
      const outcome = await provisionOrganisation(contextOf(request), externalId, request.body);
      return shape(reply, externalId, outcome);
    },
  );

  app.put(
    "/provision/apps/:externalId",
    {
      config: { action: "app.provisioned", admits: ["operator-key"] },
      schema: {
        tags,
        summary: "Make or rename the app with this externalId",
        params: ExternalIdParams,
        body: ProvisionApp,
        response,
      },
    },
    async (request, reply) => {
      const { externalId } = request.params;
      const outcome = await provisionApp(contextOf(request), externalId, request.body);
      return shape(reply, externalId, outcome);
    },
  );
};

export const provisionConsentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/provision-consents/preview",
    {
      config: { action: "provision.consent-read", admits: ["stranger"] },
      schema: {
        tags,
        summary: "What the operator's product asks; changes nothing",
        body: ConsentLink,
        response: { 200: ConsentPreview },
      },
    },
    async (request) => previewConsent(contextOf(request), request.body),
  );

  app.post(
    "/provision-consents/decide",
    {
      config: { action: "provision.consent-decided" },
      schema: {
        tags,
        summary: "Answer whether the operator's product may be tied to one's account",
        body: ConsentDecision,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await decideConsent(contextOf(request), request.body);
      return await reply.code(204).send(null);
    },
  );
};
