import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AppParams } from "../../contract/access/apps.ts";
import {
  Grant,
  GrantChange,
  GrantList,
  GrantParams,
  InvitationAcceptance,
  InvitationAccepted,
  InvitationLink,
  InvitationList,
  InvitationParams,
  InvitationPreview,
  InvitationSent,
  NewInvitation,
} from "../../contract/access/sharing.ts";
import { sessionCookie } from "../../identity/sessions/session-cookie.ts";
import { emailRule } from "../../identity/accounts/email-address.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { newPasswordRule } from "./invitee.ts";
import { endRule } from "./parse-end.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { cancelInvitation } from "./cancel-invitation.ts";
import { changeGrant, readGrants, revokeGrant } from "./grants.ts";
import { invite } from "./invite.ts";
import { listInvitations, previewInvitation } from "./read-invitations.ts";
import { resendInvitation } from "./resend-invitation.ts";
import { timeZoneRule } from "../../identity/accounts/reader.ts";

const tags = ["access"];

export const invitationRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/invitations",
    {
      config: {
        action: "invitation.sent",
        fieldRules: { body: { "/email": emailRule, "/apps/*/expiresAt": endRule } },
      },
      schema: {
        tags,
        summary: "Invite somebody to apps, each with a role and perhaps an end",
        body: NewInvitation,
        response: { 201: InvitationSent },
      },
    },
    async (request, reply) => reply.code(201).send(await invite(contextOf(request), request.body)),
  );

  app.get(
    "/invitations",
    {
      config: { action: "invitation.listed" },
      schema: {
        tags,
        summary: "Invitations that wait, or have expired lately",
        response: { 200: InvitationList },
      },
    },
    async (request) => listInvitations(contextOf(request)),
  );

  app.post(
    "/invitations/:invitationId/resend",
    {
      config: { action: "invitation.resent" },
      schema: {
        tags,
        summary: "Send an invitation again, with a new link; the old one is dead",
        params: InvitationParams,
        response: { 200: InvitationSent },
      },
    },
    async (request) => resendInvitation(contextOf(request), request.params),
  );

  app.delete(
    "/invitations/:invitationId",
    {
      config: { action: "invitation.cancelled" },
      schema: {
        tags,
        summary: "Cancel an invitation",
        params: InvitationParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await cancelInvitation(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};

/** What a mail's link opens: the token is the right to ask, whoever is signed in. */
export const invitationLinkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/invitations/preview",
    {
      config: { action: "invitation.read", admits: ["stranger"] },
      schema: {
        tags,
        summary: "What an invitation's link is about; changes nothing",
        body: InvitationLink,
        response: { 200: InvitationPreview },
      },
    },
    async (request) => previewInvitation(contextOf(request), request.body),
  );

  app.post(
    "/invitations/accept",
    {
      config: {
        action: "invitation.accepted",
        admits: ["stranger"],
        fieldRules: { body: { "/password": newPasswordRule, "/timeZone": timeZoneRule } },
      },
      schema: {
        tags,
        summary: "Accept an invitation: signed in as its address, or by making an account for it",
        body: InvitationAcceptance,
        response: { 200: InvitationAccepted },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { opened, ...accepted } = await acceptInvitation(ctx, {
        ...request.body,
        acceptLanguage: request.headers["accept-language"],
      });
      if (opened !== null) void reply.header("set-cookie", sessionCookie(ctx.config, opened));
      return { ...accepted, session: { level: opened?.level ?? ("full" as const) } };
    },
  );
};

export const grantRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/apps/:appId/grants",
    {
      config: { action: "grant.listed", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "Who has access to an app",
        params: AppParams,
        response: { 200: GrantList },
      },
    },
    async (request) => readGrants(contextOf(request), request.params),
  );

  app.patch(
    "/apps/:appId/grants/:grantId",
    {
      config: { action: "grant.changed", fieldRules: { body: { "/expiresAt": endRule } } },
      schema: {
        tags,
        summary: "Change a role or an end in place",
        params: GrantParams,
        body: GrantChange,
        response: { 200: Grant },
      },
    },
    async (request) => changeGrant(contextOf(request), { ...request.params, change: request.body }),
  );

  app.delete(
    "/apps/:appId/grants/:grantId",
    {
      config: { action: "grant.revoked" },
      schema: {
        tags,
        summary: "End a grant; your own is leaving",
        params: GrantParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await revokeGrant(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};
