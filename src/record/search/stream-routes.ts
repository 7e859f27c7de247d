import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { StreamQuery } from "../../contract/record/entries.ts";
import { sendEvents } from "../../platform/http/live-events.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { parseInstant, readFilter } from "./entry-filter.ts";
import { followEntries } from "./follow-entries.ts";
import { Gate } from "./gate.ts";
import { invalidQuery } from "./invalid-query.ts";
import { recheckCaller } from "./recheck-caller.ts";

/**
 * A person with a few pages; each asks the database a few questions a second. Fewer than the six connections
 * that a browser opens to one host by HTTP/1.1: its pages' calls must get through beside their streams.
 */
const LIMITS = {
  perAccount: 4,
  together: 200,
  detail: { code: "followers-full" },
  retryAfterSeconds: 10,
} as const;

export const streamRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const gate = new Gate(LIMITS);
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());

  app.get(
    "/audit/stream",
    {
      config: { action: "entry.followed", admits: ["full", "api-key"] },
      schema: {
        tags: ["record"],
        summary: "The log as it grows, by any filter of the list but the time",
        querystring: StreamQuery,
        produces: ["text/event-stream"],
        response: { 200: Type.Unknown({ description: "Events `entries`, `more` and `end`." }) },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { since, ...fields } = request.query;
      const filter = readFilter(fields);
      const sinceMs = readSince(since);
      const { accountId } = await ctx.ports.entryScope(ctx);
      const leave = gate.enter(accountId ?? "");
      return sendEvents(reply, {
        leave,
        start: (gone) =>
          followEntries(ctx, {
            filter,
            sinceMs,
            signal: AbortSignal.any([stopping.signal, gone]),
            recheck: () => recheckCaller(ctx, request.headers.authorization),
          }),
      });
    },
  );
};

function readSince(since: string): number {
  const sinceMs = parseInstant(since);
  if (sinceMs === undefined)
    throw invalidQuery([{ field: "since", fault: { code: "not-an-instant-with-zone" } }]);
  return sinceMs;
}
