import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  RemovalDone,
  RemovalParams,
  RemovalPreview,
  RemovalRequest,
  SharedByUs,
  SharedWithMe,
} from "../../contract/access/sharing-people-views.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { previewRemoval, removeFromEverything } from "./remove-from-everything.ts";
import { sharedByUs, sharedWithMe } from "./shared-views.ts";

const tags = ["access"];

export const sharedPeopleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/shared-by-us",
    {
      config: { action: "access.shared-by-us-listed" },
      schema: {
        tags,
        summary: "Everybody with access to your organisations' apps, by person",
        response: { 200: SharedByUs },
      },
    },
    async (request) => sharedByUs(contextOf(request)),
  );

  app.get(
    "/shared-with-me",
    {
      config: { action: "access.shared-with-me-listed" },
      schema: { tags, summary: "What others share with you", response: { 200: SharedWithMe } },
    },
    async (request) => sharedWithMe(contextOf(request)),
  );

  app.get(
    "/organisations/:organisationId/people/:accountId/access",
    {
      config: { action: "access.removal-previewed" },
      schema: {
        tags,
        summary: "Everything that ties a person to an organisation: what removing them would end",
        params: RemovalParams,
        response: { 200: RemovalPreview },
      },
    },
    async (request) => previewRemoval(contextOf(request), request.params),
  );

  app.post(
    "/organisations/:organisationId/people/:accountId/remove",
    {
      config: { action: "access.removed-from-everything" },
      schema: {
        tags,
        summary: "Remove a person from everything of an organisation",
        params: RemovalParams,
        body: RemovalRequest,
        response: { 200: RemovalDone },
      },
    },
    async (request) =>
      removeFromEverything(contextOf(request), { ...request.params, ...request.body }),
  );
};
