import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  NewSavedFilter,
  SavedFilter,
  SavedFilterChange,
  SavedFilterList,
  SavedFilterParams,
} from "../../contract/record/saved-filters.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import {
  createSavedFilter,
  deleteSavedFilter,
  listSavedFilters,
  renameSavedFilter,
} from "./change-saved-filters.ts";

const tags = ["record"];

export const savedFilterRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/audit/saved-filters",
    {
      config: { action: "saved-filter.listed" },
      schema: {
        tags,
        summary: "Filters of the log that you keep, by name",
        response: { 200: SavedFilterList },
      },
    },
    async (request) => listSavedFilters(contextOf(request)),
  );

  app.post(
    "/audit/saved-filters",
    {
      config: { action: "saved-filter.created" },
      schema: {
        tags,
        summary: "Keep a filter of the log under a name",
        body: NewSavedFilter,
        response: { 201: SavedFilter },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createSavedFilter(contextOf(request), request.body)),
  );

  app.patch(
    "/audit/saved-filters/:id",
    {
      config: { action: "saved-filter.renamed" },
      schema: {
        tags,
        summary: "Give a kept filter another name",
        params: SavedFilterParams,
        body: SavedFilterChange,
        response: { 200: SavedFilter },
      },
    },
    async (request) =>
      renameSavedFilter(contextOf(request), { ...request.params, ...request.body }),
  );

  app.delete(
    "/audit/saved-filters/:id",
    {
      config: { action: "saved-filter.deleted" },
      schema: {
        tags,
        summary: "Forget a kept filter",
        params: SavedFilterParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await deleteSavedFilter(contextOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
};
