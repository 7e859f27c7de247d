import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { ExportQuery } from "../../contract/record/entries.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { filterRules, readFilter } from "./entry-filter.ts";
import { exportCsv, exportNdjson } from "./export-entries.ts";
import { Gate } from "./gate.ts";
import { recheckCaller } from "./recheck-caller.ts";

/** A client that takes nothing for so long is gone, ms. */
const STALLED_AFTER_MS = 120_000;

/** Each keeps one of the pool's connections busy. */
const LIMITS = {
  perAccount: 2,
  together: 3,
  detail: { code: "exports-running" },
  retryAfterSeconds: 30,
} as const;

const types = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8; header=present" };

export const exportRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const gate = new Gate(LIMITS);

  app.get(
    "/audit/export",
    {
      config: {
        action: "entry.exported",
        admits: ["full", "api-key"],
        fieldRules: { querystring: filterRules },
      },
      schema: {
        tags: ["record"],
        summary: "The log as a file, by any filter of the list; newest first",
        querystring: ExportQuery,
        produces: ["application/x-ndjson", "text/csv"],
        response: { 200: Type.Unknown({ description: "A stream of entries, to be saved." }) },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { format, ...fields } = request.query;
      // The request's entry is committed before the first byte leaves, and says what was asked for.
      ctx.notes.change = { after: request.query };
      const filter = readFilter(fields);
      const scope = await ctx.ports.entryScope(ctx);
      const leave = gate.enter(scope.accountId ?? "");
      const options = {
        scope,
        filter,
        recheck: () => recheckCaller(ctx, request.headers.authorization),
      };
      const rows = format === "csv" ? exportCsv(ctx, options) : exportNdjson(ctx, options);
      const stream = Readable.from(rows, { objectMode: false });
      stream.once("close", leave);
      reply.raw.setTimeout(STALLED_AFTER_MS, () => reply.raw.destroy());
      return reply
        .type(types[format])
        .header("content-disposition", `attachment; filename="${fileName(ctx.now(), format)}"`)
        .send(stream);
    },
  );
};

/** `sallyport-log-20260301T120000Z.csv`: the time in UTC, without what file systems refuse. */
const fileName = (now: Date, format: keyof typeof types): string =>
  `sallyport-log-${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}.${format}`;
