import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Catalogue, CatalogueUsage, NewCatalogue } from "../../contract/operator/permissions.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readUsage } from "./read-usage.ts";
import { listPermissions, ownAreaRule, replaceCatalogue } from "./replace-catalogue.ts";

const tags = ["operator"];

export const permissionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/permissions",
    {
      config: { action: "permission.listed" },
      schema: {
        tags,
        summary: "What roles can be made of: the operator's permissions, and Sallyport's own",
        response: { 200: Catalogue },
      },
    },
    async (request) => await listPermissions(contextOf(request)),
  );

  app.get(
    "/operator/permissions/usage",
    {
      config: { action: "operator.permission-usage-read" },
      schema: {
        tags,
        summary: "How many custom roles hold each of the operator's permissions",
        response: { 200: CatalogueUsage },
      },
    },
    async (request) => await readUsage(contextOf(request)),
  );

  app.put(
    "/permissions",
    {
      config: {
        action: "permission.replaced",
        fieldRules: { body: { "/permissions/*/key": ownAreaRule } },
      },
      // 500 permissions with long descriptions.
      bodyLimit: 512 * 1024,
      schema: {
        tags,
        summary: "Replace the operator's permissions, all of them",
        body: NewCatalogue,
        response: { 200: Catalogue },
      },
    },
    async (request) => await replaceCatalogue(contextOf(request), request.body),
  );
};
