import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AppParams } from "../../contract/access/apps.ts";
import { NewRole, Role, RoleChange, RoleList, RoleParams } from "../../contract/access/roles.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changeRole } from "./change-role.ts";
import { createRole } from "./create-role.ts";
import { deleteRole } from "./delete-role.ts";
import { listRoles } from "./list-roles.ts";

const tags = ["access"];

export const roleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/apps/:appId/roles",
    {
      config: { action: "role.listed", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "The app's roles, and what a role can be made of",
        params: AppParams,
        response: { 200: RoleList },
      },
    },
    async (request) => listRoles(contextOf(request), request.params),
  );

  app.post(
    "/apps/:appId/roles",
    {
      config: { action: "role.created" },
      schema: {
        tags,
        summary: "Make a role of the app's own",
        params: AppParams,
        body: NewRole,
        response: { 201: Role },
      },
    },
    async (request, reply) => {
      const role = await createRole(contextOf(request), { ...request.params, ...request.body });
      return reply.code(201).send(role);
    },
  );
};

export const oneRoleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.patch(
    "/apps/:appId/roles/:name",
    {
      config: { action: "role.changed" },
      schema: {
        tags,
        summary: "Change what a role of the app's own may do; its holders are told",
        params: RoleParams,
        body: RoleChange,
        response: { 200: Role },
      },
    },
    async (request) => changeRole(contextOf(request), { ...request.params, change: request.body }),
  );

  app.delete(
    "/apps/:appId/roles/:name",
    {
      config: { action: "role.deleted" },
      schema: {
        tags,
        summary: "Delete a role that nobody has",
        params: RoleParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteRole(contextOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
};
