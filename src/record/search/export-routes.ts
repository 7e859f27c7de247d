import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { ExportQuery, type ExportFormat } from "../../contract/record/entries.ts";
import type { Context } from "../../context.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { filterRules, readFilter } from "./entry-filter.ts";
import { exportBundle } from "../proofs/export-bundle.ts";
import { exportCsv, exportNdjson, exportOcsf, type ExportOptions } from "./export-entries.ts";
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

const LINES = "application/x-ndjson";
const types = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: LINES,
  ocsf: LINES,
  bundle: LINES,
} as const satisfies Record<ExportFormat, string>;

/** How a file's name ends. */
const endings = {
  csv: "csv",
  ndjson: "ndjson",
  ocsf: "ocsf.ndjson",
  bundle: "bundle.ndjson",
} as const satisfies Record<ExportFormat, string>;

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
      const { format, sinceSize: _sinceSize, ...fields } = request.query;
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
      const rows = await rowsOf(ctx, options, request.query).catch((error: unknown) => {
        leave();
        throw error;
      });
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

async function rowsOf(
  ctx: Context,
  options: ExportOptions,
  { sinceSize, ...asked }: ExportQuery,
): Promise<AsyncGenerator<string>> {
  switch (asked.format) {
    case "csv":
      return exportCsv(ctx, options);
    case "ndjson":
      return exportNdjson(ctx, options);
    case "ocsf":
      return exportOcsf(ctx, options);
    case "bundle":
      return await exportBundle(ctx, {
        ...options,
        asked,
        sinceSize: sinceSize === undefined ? undefined : Number(sinceSize),
      });
  }
}

/** `sallyport-log-20260301T120000Z.csv`: the time in UTC, without what file systems refuse. */
const fileName = (now: Date, format: ExportFormat): string =>
  `sallyport-log-${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}.${endings[format]}`;
