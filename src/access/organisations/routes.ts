import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  Member,
  MemberChange,
  MemberList,
  MemberParams,
  NewMember,
  Organisation,
  OrganisationChange,
  OrganisationList,
  OrganisationParams,
} from "../../contract/access/organisations.ts";
import { InvitationSent } from "../../contract/access/sharing.ts";
import { emailRule } from "../../identity/accounts/email-address.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { invitePerson } from "./invite-person.ts";
import { listOrganisations, listPeople } from "./read-organisations.ts";
import { changePerson, removePerson } from "./remove-person.ts";
import { renameOrganisation } from "./rename-organisation.ts";

const tags = ["access"];

export const organisationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/organisations",
    {
      config: { action: "organisation.listed" },
      schema: { tags, summary: "Organisations you belong to", response: { 200: OrganisationList } },
    },
    async (request) => listOrganisations(contextOf(request)),
  );

  app.patch(
    "/organisations/:organisationId",
    {
      config: { action: "organisation.renamed" },
      schema: {
        tags,
        summary: "Rename an organisation",
        params: OrganisationParams,
        body: OrganisationChange,
        response: { 200: Organisation },
      },
    },
    async (request) =>
      renameOrganisation(contextOf(request), { ...request.params, ...request.body }),
  );
};

export const memberRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/organisations/:organisationId/people",
    {
      config: { action: "organisation.people-listed" },
      schema: {
        tags,
        summary: "Owners and officers, and who is invited to be one",
        params: OrganisationParams,
        response: { 200: MemberList },
      },
    },
    async (request) => listPeople(contextOf(request), request.params),
  );

  app.post(
    "/organisations/:organisationId/people",
    {
      config: {
        action: "organisation.person-added",
        fieldRules: { body: { "/email": emailRule } },
      },
      schema: {
        tags,
        summary: "Invite an owner or officer",
        params: OrganisationParams,
        body: NewMember,
        response: { 201: InvitationSent },
      },
    },
    async (request, reply) => {
      const sent = await invitePerson(contextOf(request), { ...request.params, ...request.body });
      return reply.code(201).send(sent);
    },
  );
};

export const oneMemberRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.patch(
    "/organisations/:organisationId/people/:accountId",
    {
      config: { action: "organisation.person-changed" },
      schema: {
        tags,
        summary: "Make an owner an officer, or an officer an owner",
        params: MemberParams,
        body: MemberChange,
        response: { 200: Member },
      },
    },
    async (request) => changePerson(contextOf(request), { ...request.params, ...request.body }),
  );

  app.delete(
    "/organisations/:organisationId/people/:accountId",
    {
      config: { action: "organisation.person-removed" },
      schema: {
        tags,
        summary: "End a membership; your own is leaving",
        params: MemberParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await removePerson(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};
