import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { EntryList, EntryParams, EntryQuery, LogEntry } from "../../contract/record/entries.ts";
import { EntryProof } from "../../contract/record/proofs.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readProof } from "../proofs/read-proof.ts";
import { listEntries, listRules, readEntry } from "./list-entries.ts";

const tags = ["record"];

export const entryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/audit/entries",
    {
      config: {
        action: "entry.listed",
        admits: ["full", "api-key"],
        fieldRules: { querystring: listRules },
      },
      schema: {
        tags,
        summary: "The log, newest first: own acts, what was done to oneself, apps one may audit",
        querystring: EntryQuery,
        response: { 200: EntryList },
      },
    },
    async (request) => listEntries(contextOf(request), request.query),
  );

  app.get(
    "/audit/entries/:id",
    {
      config: { action: "entry.read", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "One entry of the log",
        params: EntryParams,
        response: { 200: LogEntry },
      },
    },
    async (request) => readEntry(contextOf(request), request.params.id),
  );

  app.get(
    "/audit/entries/:id/proof",
    {
      config: { action: "entry.proof-read", admits: ["full", "api-key"] },
      schema: {
        tags,
        summary: "What it takes to check one entry against the public log, without asking again",
        params: EntryParams,
        response: { 200: EntryProof },
      },
    },
    async (request) => readProof(contextOf(request), request.params.id),
  );
};
